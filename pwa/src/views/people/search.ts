/** Whom the administrator looks for, and who was found. It stays while he looks at somebody and comes back. */
import { reactive, ref, watch } from 'vue'

import { cleanLine } from '../../domain/text'
import { isOffline, problemOf } from '../../sync/api'
import { searchPeople, type Person } from '../../sync/people'
import { offlineWhile } from '../../sync/problems'
import { portsNow, session } from '../../sync/session'

const PAUSE_MS = 300

const wanted = reactive({ words: '', role: '' as Person['grants'][number]['role'] | '' })
let owner: string | undefined

export function usePeopleSearch() {
  if (owner !== session.me?.id) Object.assign(wanted, { words: '', role: '' })
  owner = session.me?.id

  const people = ref<Person[]>()
  const count = ref(0)
  const next = ref<string | null>(null)
  const loading = ref(false)
  const problem = ref<string>()
  let asked = 0
  let pause: ReturnType<typeof setTimeout> | undefined

  async function ask(after: string | null) {
    const turn = ++asked
    const ports = portsNow()
    if (!ports) return
    loading.value = true
    problem.value = undefined
    try {
      const query = { words: cleanLine(wanted.words) || null, role: wanted.role || null, after }
      const page = await searchPeople(ports, query)
      if (turn !== asked) return
      people.value = after ? [...(people.value ?? []), ...page.people] : page.people
      count.value = page.count
      next.value = page.next
    } catch (error) {
      if (turn === asked) problem.value = isOffline(error) ? offlineWhile.reading : problemOf(error)
    } finally {
      if (turn === asked) loading.value = false
    }
  }
  const search = () => ask(null)
  const more = () => ask(next.value)

  watch(() => wanted.role, search)
  // While somebody types, not with every letter.
  watch(
    () => wanted.words,
    () => {
      clearTimeout(pause)
      pause = setTimeout(() => void search(), PAUSE_MS)
    },
  )
  void search()
  return { wanted, people, count, next, loading, problem, search, more }
}
