/**
 * The pages that are not in the first load, in three files by who uses them. A file for each page was a hundred files
 * with what they share, which the service worker fetches one after the other: a minute on a village's line.
 */
const everyday = () => import('./pages/everyday')
const leading = () => import('./pages/leading')
const keeping = () => import('./pages/keeping')
/** What opens a phone comes before all else, with the means for it. */
const locking = () => import('./pages/locking')

export const pages = {
  unlock: async () => (await locking()).unlock,
  pin: async () => (await locking()).pin,
  matter: async () => (await everyday()).matter,
  visitForm: async () => (await everyday()).visitForm,
  visit: async () => (await everyday()).visit,
  desk: async () => (await everyday()).desk,
  visits: async () => (await everyday()).visits,
  refused: async () => (await everyday()).refused,
  cases: async () => (await everyday()).cases,
  case: async () => (await everyday()).case_,
  account: async () => (await everyday()).account,
  password: async () => (await everyday()).password,
  devices: async () => (await everyday()).devices,
  storage: async () => (await everyday()).storage,
  tallies: async () => (await leading()).tallies,
  tallyMatters: async () => (await leading()).tallyMatters,
  tallyChanges: async () => (await leading()).tallyChanges,
  tallyPrint: async () => (await leading()).tallyPrint,
  caseForm: async () => (await leading()).caseForm,
  callbacks: async () => (await leading()).callbacks,
  draws: async () => (await leading()).draws,
  draw: async () => (await leading()).draw,
  ratings: async () => (await leading()).ratings,
  responsibilities: async () => (await keeping()).responsibilities,
  responsibilitiesEdit: async () => (await keeping()).responsibilitiesEdit,
  handedIn: async () => (await keeping()).handedIn,
  people: async () => (await keeping()).people,
  person: async () => (await keeping()).person,
  personForm: async () => (await keeping()).personForm,
  places: async () => (await keeping()).places,
}

const AFTER_MS = 3000

/**
 * Fetch what is needed in a farmyard once the first picture stands. The service worker does so too, but some
 * webviews have none, and a cadre may drive off before it is done.
 */
export function fetchPagesSoon(): void {
  setTimeout(() => void everyday().catch(() => undefined), AFTER_MS)
}
