const UNIT_NAME = /(?:[^/]+\.service\.d\/)?[^/]+\.conf$|[^/]+\.service$|args\/kubelet$/;

/** Whether a file is read as a systemd unit or drop-in, or as the arguments of MicroK8s' kubelet, by its name. */
export function isUnit(file: string): boolean {
  return /\.service$|\.service\.d\/[^/]+\.conf$/.test(file) || isArguments(file);
}

/** Whether a file has the arguments of a kubelet, one a line, as in MicroK8s. */
export function isArguments(file: string): boolean {
  return /(?:^|\/)args\/kubelet$/.test(file);
}

/** Whether a file starts what registers nodes, by its name. In directories, only these units are read. */
export function startsNodes(file: string): boolean {
  return isUnit(file) && (isArguments(file) || /^(?:kubelet|k3s|rke2|k0s)/.test(unitName(file)));
}

/** The name of a unit: that of its file, for a drop-in with its directory. */
export function unitName(file: string): string {
  return UNIT_NAME.exec(file)?.[0] ?? file;
}
