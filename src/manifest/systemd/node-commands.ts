/** A kubelet, or k3s, RKE2 and k0s, which have one in them: as a program, as an image, or in a script. */
const AGENT =
  /kubelet|register[-_]with[-_]taints|(?:^|\/)(?:k3s|rke2|k0s)(?:[:@]\S*)?$|\b(?:k3s|rke2|k0s)\s+(?:server|agent|controller|worker)\b/;

/** Whether a command starts what registers its node, as far as its words say it. */
export function startsNode(words: readonly string[]): boolean {
  return words.some((word) => AGENT.test(word));
}

/** Whether a command changes taints or labels of nodes, directly or in a shell. */
export function changesNodes(words: readonly string[]): boolean {
  return /\b(?:kubectl|oc)\b.*\s(?:taint|label)\s/s.test(words.join(' '));
}
