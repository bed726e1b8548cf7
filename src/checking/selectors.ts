import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';

/** Whether a LabelSelector selects labels, as far as both are valid. The policies decide more exactly. */
export function selects(selector: JsonObject | undefined, labels: JsonObject): boolean {
  if (selector === undefined) return false;
  const { matchLabels, matchExpressions } = selector;
  return (
    (!isMap(matchLabels) ||
      Object.entries(matchLabels).every(([key, value]) => labels[key] === value)) &&
    (!Array.isArray(matchExpressions) || matchExpressions.every((one) => meets(one, labels)))
  );
}

function meets(expression: JsonValue, labels: JsonObject): boolean {
  if (!isMap(expression)) return false;
  const { key, operator, values } = expression;
  const value = labels[String(key)];
  const isAmong = value !== undefined && Array.isArray(values) && values.includes(value);
  if (operator === 'In') return isAmong;
  if (operator === 'NotIn') return !isAmong;
  return (value !== undefined) === (operator === 'Exists');
}
