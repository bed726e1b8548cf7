/** A word that is part of a candidate is similar to it if it has this many letters. */
const LEAST_PART = 3;

/**
 * The candidates that a word may stand for.
 *
 * One that is misspelt comes before those that start with the word, and these before those that
 * contain it.
 */
export function similar(word: string, candidates: readonly string[]): readonly string[] {
  const misspelt = nearest(word, candidates);
  if (misspelt !== undefined) return [misspelt];
  if (word.length < LEAST_PART) return [];
  const part = word.toLowerCase();
  const starting = candidates.filter((candidate) => candidate.toLowerCase().startsWith(part));
  if (starting.length > 0) return starting;
  return candidates.filter((candidate) => candidate.toLowerCase().includes(part));
}

/** The candidate that a misspelt word most likely stands for; undefined if none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)));
  scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return scored[0]?.candidate;
}

/** How many letters must be added, removed, changed or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1;
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(current, column - 1) + 1,
        at(last, column) + 1,
        at(last, column - 1) + cost,
        isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/** Lists words as a sentence does: `a, b or c`. */
export function inWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
