import { fstatSync, writeFileSync } from 'node:fs';
import { unwritable } from './disk.ts';

/** Standard output or standard error. */
export type Stream = NodeJS.WriteStream & { readonly fd: number };

/**
 * Returns what writes to a stream of the process, and reports the error of one that cannot be written.
 *
 * A reader may close a pipe early, as `head` does: that is no error.
 */
export function writerTo(
  stream: Stream,
  name: string,
  {
    onError,
    onClosed,
  }: { readonly onError: (sentence: string) => void; readonly onClosed?: () => void },
): (text: string) => void {
  const failed = (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') onClosed?.();
    else onError(unwritable(name, error).message);
  };
  stream.on('error', failed);
  // Node.js takes a part that was written for the whole, where a disk becomes full.
  if (!isFileOrDevice(stream)) return (text) => stream.write(text);
  return (text) => {
    try {
      writeFileSync(stream.fd, text);
    } catch (error) {
      failed(error);
    }
  };
}

function isFileOrDevice({ fd, isTTY }: Stream): boolean {
  const stats = fstatSync(fd);
  return !isTTY && (stats.isFile() || stats.isCharacterDevice());
}
