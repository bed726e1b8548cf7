/** The words of an expression of CEL: texts, names, numbers and operators, without the space between them. */
export function tokens(expression: string): readonly string[] {
  const words = expression.matchAll(
    /\s+|r'[^']*'|'(?:\\.|[^'\\])*'|\w+|\.\?|&&|\|\||[!=<>]=|[^\s'"]/gsu,
  );
  const found = [...words].map(([word]) => word);
  if (found.join('') !== expression) throw new Error(`not CEL: ${expression}`);
  return found.filter((word) => word.trim() !== '');
}
