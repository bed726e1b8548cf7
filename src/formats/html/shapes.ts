import type { Cell, State } from './cells.ts';
import { html, type Markup } from './markup.ts';

/** Each shape once. Shapes differ, not only colours; half of one stands for some of the nodes. */
export const SHAPES: Markup = html`
    <symbol id="k" viewBox="0 0 20 20"><circle cx="10" cy="10" r="6" fill="currentColor"/></symbol>
    <symbol id="kh" viewBox="0 0 20 20"><circle cx="10" cy="10" r="5.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M10 4a6 6 0 0 0 0 12Z" fill="currentColor"/></symbol>
    <symbol id="o" viewBox="0 0 20 20"><circle cx="10" cy="10" r="1.7" fill="currentColor"/></symbol>
    <symbol id="oh" viewBox="0 0 20 20"><circle cx="10" cy="10" r="1.7" fill="currentColor"/></symbol>
    <symbol id="l" viewBox="0 0 20 20"><path d="M10 1 19 10 10 19 1 10Z" fill="currentColor"/><path class="x" d="M7 7l6 6M13 7l-6 6"/></symbol>
    <symbol id="lh" viewBox="0 0 20 20"><path d="M10 2 18 10 10 18 2 10Z" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M10 1 1 10 10 19Z" fill="currentColor"/></symbol>
    <symbol id="g" viewBox="0 0 20 20"><circle cx="10" cy="10" r="6" fill="none" stroke="currentColor" stroke-width="2.4" stroke-dasharray="3.14"/></symbol>
    <symbol id="gh" viewBox="0 0 20 20"><path d="M10 4a6 6 0 0 1 0 12" fill="none" stroke="currentColor" stroke-width="2.4" stroke-dasharray="3.14"/><path d="M10 4a6 6 0 0 0 0 12Z" fill="currentColor"/></symbol>`;

/** The letter of each state, for its class and its shape. */
export const LETTERS = { leak: 'l', gap: 'g', fits: 'k', off: 'o' } as const satisfies Record<
  State,
  string
>;

/** Draws a shape. Its words stand beside it. */
export function shape({
  state,
  isPartial,
  isUnplaced,
}: Pick<Cell, 'state' | 'isPartial' | 'isUnplaced'>): Markup {
  if (isUnplaced === true) return html`<span class="dim" aria-hidden="true">—</span>`;
  return html`<svg aria-hidden="true"><use href="#${LETTERS[state]}${isPartial ? 'h' : ''}"/></svg>`;
}
