export function nearest(_w: string, _c: readonly string[]): string | undefined { return undefined; }
