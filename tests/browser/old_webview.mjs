// The core path in Chromium 80: sign in, record a visit without network, show the resident his QR, be sent when the
// network is back; then a coordinator's desk, and the sheet in which he gives a matter to a unit.
// Usage: node old_webview.mjs URL PROFILE_FOLDER, spoken to by tests/journeys/test_old_webview.py. It reads one line of
// JSON {username, password, pin, kind, village, title, category, sentence, coordinator, lying}, prints `cut` and `mend` when the
// line is to be cut and mended, waits for a line after each, and ends by printing `done VERSION`.
import { createInterface } from 'node:readline'

import { launchChromium80 } from './chromium80.mjs'

const [url, profile] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const hear = async () => (await lines.next()).value
const ask = async (what) => {
  console.log(what)
  await hear()
}

const { username, password, pin, kind, village, title, category, sentence, coordinator, lying } = JSON.parse(await hear())
const faults = []
const browser = await launchChromium80(profile)
try {
  const quoted = (text) => JSON.stringify(text)
  let page
  const look = (shown) => {
    page = shown
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => faults.push(error.message))
  }
  const tap = async (path) => (await page.waitForXPath(path, { visible: true })).tap()
  const chosen = (text) => tap(`//label[contains(., ${quoted(text)})]`)
  const says = (text) => page.waitForXPath(`//button[contains(., ${quoted(text)})]`)
  const type = async (selector, text) => {
    await page.waitForSelector(selector, { visible: true })
    await page.type(selector, text)
  }

  const signIn = async (name) => {
    await page.goto(`${url}/signin`)
    await type('#username', name)
    await type('#password', password)
    await tap('//button[contains(., "登录")]')
    await type('#pin', pin)
    await tap('//button[contains(., "设好了")]')
    await says('已同步')
  }
  const pinKept = () =>
    new Promise((resolve) => {
      indexedDB.open('shishibu').onsuccess = ({ target: { result: db } }) => {
        db.transaction('keys').objectStore('keys').getAll().onsuccess = ({ target: { result: keys } }) => {
          db.close()
          resolve(keys.some((key) => key.pin))
        }
      }
    })

  look((await browser.pages())[0])
  await signIn(username)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  while (!(await page.evaluate(pinKept))) await page.waitForTimeout(100)

  await ask('cut')
  await page.setOfflineMode(true)
  await page.reload()
  await type('#unlock', pin)
  await says('离线')
  await page.waitForSelector('nav:not(.settling)')
  await tap('//nav//a[contains(., "记下访")]')
  await chosen(kind)
  await chosen(village)
  await type('#matters-0-title', title)
  await chosen(category)
  await chosen('现场办结')
  await type('#matters-0-resolved-text', sentence)
  await tap('//button[contains(., "保存")]')
  await says('1 条待上传')
  await page.waitForSelector('svg[aria-label="群众评价的二维码"] path[d^="M"]', { visible: true })

  await ask('mend')
  await page.setOfflineMode(false)
  await says('已同步')

  look(await (await browser.createIncognitoBrowserContext()).newPage())
  await signIn(coordinator)
  await page.waitForXPath('//h1[contains(., "工作台")]')
  await tap(`//button[@aria-label=${quoted(`交办：${lying}`)}]`)
  await page.waitForSelector('dialog[open] #act-unit', { visible: true })
  if (faults.length) throw new Error(`faults on the page: ${faults.join('; ')}`)
  console.log(`done ${await browser.version()}`)
} finally {
  await browser.close()
  process.stdin.destroy() // an open pipe would keep node alive
}
