/** '2026年11月1日': with its year always, for paper outlives the year. */
export function fullDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
