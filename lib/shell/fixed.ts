// Decimal places as C rounds them.

/** So many places; of two that are as near the even one, as C has it. */
export function fixed(number: number, places: number): string {
  const text = number.toFixed(places);
  const [whole = '', fraction = ''] = number.toFixed(100).split('.');
  if (!/^50*$/.test(fraction.slice(places))) return text;
  const cut = places > 0 ? `${whole}.${fraction.slice(0, places)}` : whole;
  return /[02468]$/.test(cut) ? cut : text;
}
