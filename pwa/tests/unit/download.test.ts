import { beforeEach, describe, expect, it } from 'vitest'

import { newSurroundings, start, type Surroundings } from './wholeApp'

let around: Surroundings

async function signedIn() {
  const app = await start()
  await app.session.signIn('li', 'secret')
  const { whyNoFile } = await import('../../src/sync/download')
  return { app, whyNoFile }
}

beforeEach(() => (around = newSurroundings()))

describe('an export', () => {
  it('goes ahead while the server answers', async () => {
    const { whyNoFile } = await signedIn()
    expect(await whyNoFile()).toBeUndefined()
  })

  it('says that there is no network, where the browser would do nothing', async () => {
    const { app, whyNoFile } = await signedIn()
    around.offline = true
    expect(await whyNoFile()).toContain('现在没有网络')
    expect(app.status.status.online).toBe(false)
  })

  it('asks for the password when the session has ended', async () => {
    const { app, whyNoFile } = await signedIn()
    around.server.me = null
    expect(await whyNoFile()).toContain('重新登录')
    expect(app.status.status.needsPassword).toBe(true)
  })
})
