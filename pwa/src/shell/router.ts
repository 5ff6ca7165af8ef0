import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'

import { announce } from '../components/announcement'
import { session } from '../sync/session'
import MatterList from '../views/matters/MatterList.vue'
import { access } from '../views/sessions/access'
import SignIn from '../views/sessions/SignIn.vue'
import { pages } from './pages'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page; without it, everybody who is signed in: what the server refused can be handed in
     * by him, too, who is no longer a cadre. */
    needs?: 'records' | 'works' | 'leads' | 'desk' | 'administers'
    /** The page for people who are not signed in. */
    signedOut?: boolean
    /** A page that stands alone, before all others: without the top bar. */
    alone?: boolean
    /** A page with its own buttons at the bottom: the navigation gives way. */
    ownActions?: boolean
    /** The heading, and the window's title. */
    title?: string
    /** Shows the way back. */
    back?: boolean
    /** Uses the width of a desktop. */
    wide?: boolean
    /** Something is being typed here: never reload under the person's hands. */
    form?: boolean
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const tallyQuery = ({ query }: RouteLocationNormalized) => ({
  area: text(query.area),
  period: text(query.period),
  from: text(query.from),
  to: text(query.to),
  measure: text(query.measure),
  category: text(query.category),
  kind: text(query.kind),
  unit: text(query.unit),
})

/** Sign-in and the list come with the first load; the rest is fetched by the service worker in the background. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', redirect: () => ({ name: access.value.home }) },
    { path: '/signin', name: 'sign-in', component: SignIn, meta: { signedOut: true, ownActions: true } },
    { path: '/unlock', name: 'unlock', component: pages.unlock, meta: { alone: true, ownActions: true } },
    { path: '/pin', name: 'pin', component: pages.pin, meta: { alone: true, ownActions: true } },
    { path: '/matters', name: 'matters', component: MatterList, meta: { title: '事项', needs: 'works' } },
    {
      path: '/matters/:id',
      name: 'matter',
      component: pages.matter,
      props: ({ params, query }) => ({ id: params.id, ask: query.ask === '1' }),
      meta: { title: '事项详情', back: true, ownActions: true },
    },
    {
      path: '/visits',
      name: 'visits',
      component: pages.visits,
      meta: { title: '我的下访', back: true, needs: 'records' },
    },
    {
      path: '/visits/new',
      name: 'new-visit',
      component: pages.visitForm,
      meta: { title: '记下访', back: true, needs: 'records', ownActions: true, form: true },
    },
    {
      path: '/visits/:id',
      name: 'visit',
      component: pages.visit,
      props: true,
      meta: { title: '下访记录', back: true, needs: 'records' },
    },
    { path: '/desk', name: 'desk', component: pages.desk, meta: { title: '工作台', needs: 'desk' } },
    {
      path: '/desk/handed-in',
      name: 'handed-in',
      component: pages.handedIn,
      meta: { title: '交回的记录', back: true, needs: 'desk' },
    },
    {
      path: '/refused',
      name: 'refused',
      component: pages.refused,
      meta: { title: '需处理', back: true },
    },
    {
      path: '/refused/:mutationId',
      name: 'refused-visit',
      component: pages.visitForm,
      props: true,
      meta: { title: '修改下访', back: true, ownActions: true, form: true },
    },
    {
      path: '/tallies',
      name: 'tallies',
      component: pages.tallies,
      props: tallyQuery,
      meta: { title: '统计', needs: 'leads', wide: true },
    },
    {
      path: '/tallies/matters',
      name: 'tally-matters',
      component: pages.tallyMatters,
      props: tallyQuery,
      meta: { title: '事项清单', back: true, needs: 'leads' },
    },
    {
      path: '/tallies/changes',
      name: 'tally-changes',
      component: pages.tallyChanges,
      props: tallyQuery,
      meta: { title: '晚到的变化', back: true, needs: 'leads' },
    },
    {
      path: '/tallies/print',
      name: 'tally-print',
      component: pages.tallyPrint,
      props: tallyQuery,
      meta: { title: '打印', back: true, needs: 'leads', ownActions: true, wide: true },
    },
    { path: '/cases', name: 'cases', component: pages.cases, meta: { title: '好经验', back: true } },
    { path: '/cases/:id', name: 'case', component: pages.case, props: true, meta: { title: '好经验', back: true } },
    {
      path: '/matters/:id/case',
      name: 'case-form',
      component: pages.caseForm,
      props: true,
      meta: { title: '列为好经验', back: true, needs: 'leads', ownActions: true, form: true },
    },
    {
      path: '/callbacks',
      name: 'callbacks',
      component: pages.callbacks,
      meta: { title: '回访', back: true, needs: 'leads' },
    },
    {
      path: '/callbacks/draws',
      name: 'draws',
      component: pages.draws,
      props: ({ query }) => ({ area: text(query.area) }),
      meta: { title: '抽取回访', back: true, needs: 'leads' },
    },
    {
      path: '/callbacks/draws/:id',
      name: 'draw',
      component: pages.draw,
      props: true,
      meta: { title: '抽取记录', back: true, needs: 'leads' },
    },
    {
      path: '/ratings',
      name: 'ratings',
      component: pages.ratings,
      props: ({ query }) => ({ area: text(query.area), which: text(query.which) }),
      meta: { title: '群众评价', back: true, needs: 'leads' },
    },
    {
      path: '/responsibilities',
      name: 'responsibilities',
      component: pages.responsibilities,
      props: ({ query }) => ({ county: text(query.county) }),
      meta: { title: '权责清单', back: true, wide: true },
    },
    {
      path: '/responsibilities/edit',
      name: 'responsibilities-edit',
      component: pages.responsibilitiesEdit,
      props: ({ query }) => ({ county: text(query.county) ?? '' }),
      meta: { title: '修改权责清单', back: true, ownActions: true, form: true, wide: true },
    },
    {
      path: '/account',
      name: 'account',
      component: pages.account,
      meta: { title: '我的' },
    },
    {
      path: '/account/password',
      name: 'password',
      component: pages.password,
      meta: { title: '修改密码', back: true, ownActions: true, form: true },
    },
    { path: '/account/storage', name: 'storage', component: pages.storage, meta: { title: '手机存储', back: true } },
    { path: '/account/devices', name: 'devices', component: pages.devices, meta: { title: '登录的设备', back: true } },
    { path: '/people', name: 'people', component: pages.people, meta: { title: '人员和单位', needs: 'administers' } },
    {
      path: '/people/new',
      name: 'new-person',
      component: pages.personForm,
      meta: { title: '添加账号', back: true, needs: 'administers', ownActions: true, form: true },
    },
    {
      path: '/people/places',
      name: 'places',
      component: pages.places,
      props: ({ query }) => ({ code: text(query.code) }),
      meta: { title: '区划和单位', back: true, needs: 'administers' },
    },
    {
      path: '/people/:id',
      name: 'person',
      component: pages.person,
      props: true,
      meta: { title: '账号', back: true, needs: 'administers' },
    },
    { path: '/:unknown(.*)*', redirect: '/' },
  ],
  scrollBehavior: (to, from, saved) =>
    to.path === from.path && to.query.area === from.query.area ? undefined : (saved ?? { left: 0, top: 0 }),
})

router.beforeEach((to) => {
  if (!session.me) {
    if (to.meta.signedOut) return true
    // Whoever opened `/` asked for no page: where he lands is known only once he is signed in.
    return { name: 'sign-in', query: to.redirectedFrom ? {} : { next: to.fullPath } }
  }
  const next = to.name === 'home' || to.redirectedFrom?.name === 'home' ? {} : { next: to.fullPath }
  if (session.locked) return to.name === 'unlock' || { name: 'unlock', query: next, replace: true }
  // Asked for when nothing is being typed; whoever changes his PIN comes by himself.
  if (session.pinDue && to.name !== 'pin' && !to.meta.form) return { name: 'pin', query: next, replace: true }
  if (to.meta.signedOut || to.name === 'unlock') return { name: access.value.home, replace: true }
  const needs = to.meta.needs
  return !needs || access.value[needs] ? true : { name: access.value.home, replace: true }
})

// A page that was never fetched, and no network to fetch it now.
router.onError(() => announce('这一页还没有下载到手机，请到有信号的地方再点一次。'))
