/** The pages that are not in the first load, by what they are for. */
export const pages = {
  matter: () => import('../views/matters/MatterPage.vue'),
  visitForm: () => import('../views/visits/VisitForm.vue'),
  visit: () => import('../views/visits/VisitPage.vue'),
  desk: () => import('../views/desk/DeskPage.vue'),
  visits: () => import('../views/visits/VisitList.vue'),
  refused: () => import('../views/refused/RefusedList.vue'),
  tallies: () => import('../views/tallies/TallyPage.vue'),
  tallyMatters: () => import('../views/tallies/TallyMatters.vue'),
  tallyChanges: () => import('../views/tallies/TallyChanges.vue'),
  tallyPrint: () => import('../views/tallies/TallyPrint.vue'),
  cases: () => import('../views/cases/CaseList.vue'),
  case: () => import('../views/cases/CasePage.vue'),
  caseForm: () => import('../views/cases/CaseForm.vue'),
  callbacks: () => import('../views/callbacks/CallbacksPage.vue'),
  draws: () => import('../views/callbacks/DrawsPage.vue'),
  draw: () => import('../views/callbacks/DrawPage.vue'),
  ratings: () => import('../views/ratings/RatingsPage.vue'),
  responsibilities: () => import('../views/responsibilities/ListPage.vue'),
  responsibilitiesEdit: () => import('../views/responsibilities/EditPage.vue'),
  account: () => import('../views/account/AccountPage.vue'),
  password: () => import('../views/account/PasswordPage.vue'),
  devices: () => import('../views/account/DevicesPage.vue'),
  people: () => import('../views/people/PeopleList.vue'),
  person: () => import('../views/people/PersonPage.vue'),
  personForm: () => import('../views/people/PersonForm.vue'),
  places: () => import('../views/people/PlacesPage.vue'),
}

const AFTER_MS = 3000

/**
 * Fetch what is needed in a farmyard once the first picture stands. The service worker does so too, but some
 * webviews have none, and a cadre may drive off before it is done.
 */
export function fetchPagesSoon(): void {
  setTimeout(() => {
    for (const fetchPage of [pages.visitForm, pages.visit, pages.matter, pages.refused, pages.desk]) fetchPage().catch(() => undefined)
  }, AFTER_MS)
}
