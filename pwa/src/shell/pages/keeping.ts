/** The pages of those who keep order: accounts, units, areas, the responsibility list, what lost phones handed in. */
export { default as handedIn } from '../../views/desk/HandedInPage.vue'
export { default as people } from '../../views/people/PeopleList.vue'
export { default as personForm } from '../../views/people/PersonForm.vue'
export { default as person } from '../../views/people/PersonPage.vue'
export { default as places } from '../../views/people/PlacesPage.vue'
export { default as responsibilitiesEdit } from '../../views/responsibilities/EditPage.vue'
export { default as responsibilities } from '../../views/responsibilities/ListPage.vue'
