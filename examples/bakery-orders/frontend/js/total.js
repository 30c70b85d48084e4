/** What so many portions cost, in words. */
export function total(portions, price) {
  const sum = Number(portions) * Number(price);
  return sum > 0 ? new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(sum) : '';
}
