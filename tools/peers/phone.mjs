// A phone of 实事簿, as far as the server can tell.
import { Wire } from './measured.mjs'

export class Phone {
  wire = new Wire()

  constructor(url) {
    this.url = url
  }

  async signIn({ username, password, device_id }) {
    this.device_id = device_id
    this.token = (await this.wire.ask(`${this.url}/api/session`)).csrf_token
    const session = await this.post('/api/session', { username, password })
    return Object.assign(this, { token: session.csrf_token, access_version: session.me.access_version })
  }

  /** Another phone of the same person, with the same session and a connection of its own. */
  again() {
    const { token, access_version, device_id } = this
    return Object.assign(new Phone(this.url), { token, access_version, device_id, wire: this.wire.again() })
  }

  post(path, body, accept) {
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': this.token }
    return this.wire.ask(this.url + path, { method: 'POST', headers, body: JSON.stringify(body), accept })
  }

  async push(mutations) {
    const { receipts } = await this.post('/api/sync/push', { device_id: this.device_id, sent_at: new Date().toISOString(), mutations })
    const refused = receipts.find(({ status }) => status !== 'applied')
    if (refused) throw new Error(JSON.stringify(refused))
  }

  page(cursors, accept) {
    const { device_id, access_version } = this
    return this.post('/api/sync/pull', { device_id, access_version, cursors }, accept)
  }

  /** From the beginning to the end: the records by their id, and the cursors then. */
  async pull(accept) {
    const held = new Map()
    let cursors = []
    for (;;) {
      const { scopes } = await this.page(cursors, accept)
      for (const { matters } of scopes) for (const matter of matters) held.set(matter.id, matter)
      cursors = scopes.map(({ scope, version }) => ({ scope, version }))
      if (!scopes.some(({ more }) => more)) return { held, cursors }
    }
  }
}
