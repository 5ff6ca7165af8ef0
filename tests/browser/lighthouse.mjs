// Measures pages of a running app with Lighthouse, as a phone and as a desktop, and fails under 95.
// Usage: node lighthouse.mjs URL CHROMIUM < {"password": …, "pages": [{"path", "username" or null}]}
// Each page is loaded as at the first visit: no service worker, no cache, the session cookie kept.
import { readFileSync } from 'node:fs'

import lighthouse, { desktopConfig } from 'lighthouse'
import puppeteer from 'puppeteer-core-24'

const LEAST = 95
const CATEGORIES = ['performance', 'accessibility', 'best-practices']
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const [url, executablePath] = process.argv.slice(2)
const { password, pages } = JSON.parse(readFileSync(0, 'utf8'))

/** Signs in through the page's own form, so that the phone's local data is there too. */
async function signIn(page, username) {
  await page.goto(`${url}/signin`, { waitUntil: 'networkidle0' })
  await page.type('#username', username)
  await page.type('#password', password)
  await Promise.all([page.waitForFunction(() => location.pathname !== '/signin'), page.keyboard.press('Enter')])
  await page.waitForNetworkIdle()
}

async function forgetCaches(page) {
  const cdp = await page.createCDPSession()
  await cdp.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'service_workers,cache_storage' })
  await cdp.send('Network.clearBrowserCache')
  await cdp.detach()
}

async function measure({ path, username }, form) {
  const browser = await puppeteer.launch({ executablePath, args: FLAGS })
  try {
    const page = await browser.newPage()
    if (username) await signIn(page, username)
    await forgetCaches(page)
    const flags = { onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: 'error' }
    const { lhr } = await lighthouse(`${url}${path}`, flags, form === 'desktop' ? desktopConfig : undefined, page)
    if (new URL(lhr.finalDisplayedUrl).pathname !== path) {
      throw new Error(`${path} led to ${lhr.finalDisplayedUrl}: not the page that was meant`)
    }
    const scores = CATEGORIES.map((name) => Math.round((lhr.categories[name].score ?? 0) * 100))
    const failed = CATEGORIES.flatMap((name) => lhr.categories[name].auditRefs)
      .filter((ref) => ref.weight > 0 && (lhr.audits[ref.id].score ?? 1) < 0.9)
      .map((ref) => `${ref.id} ${lhr.audits[ref.id].displayValue ?? ''}`.trim())
    return { form, path, scores, failed: [...new Set(failed)] }
  } finally {
    await browser.close()
  }
}

let lowest = 100
console.log(`${'page'.padEnd(34)} ${CATEGORIES.map((name) => name.padStart(15)).join('')}`)
for (const form of ['phone', 'desktop']) {
  for (const page of pages) {
    const { scores, failed } = await measure(page, form)
    lowest = Math.min(lowest, ...scores)
    const name = `${form} ${page.path}${page.username ? ` (${page.username})` : ''}`
    console.log(`${name.padEnd(34)} ${scores.map((score) => String(score).padStart(15)).join('')}`)
    for (const audit of failed) console.log(`    below 0.9: ${audit}`)
  }
}
if (lowest < LEAST) {
  console.error(`The lowest score is ${lowest}; each must be at least ${LEAST}.`)
  process.exit(1)
}
