// Builds the simulator and runs it: node tests/simulator/run.mjs --help says nothing, main.ts does.
import { fileURLToPath, pathToFileURL } from 'node:url'

import { build } from 'vite'

const pwa = fileURLToPath(new URL('../..', import.meta.url))
const outDir = `${pwa}/node_modules/.simulator`
await build({
  root: pwa,
  configFile: false,
  logLevel: 'error',
  build: { ssr: 'tests/simulator/main.ts', outDir, emptyOutDir: true, target: 'node20', minify: false },
})
const { main } = await import(pathToFileURL(`${outDir}/main.js`).href)
process.exit(await main(pwa.replace(/\/$/, ''), fileURLToPath(new URL('../../..', import.meta.url))))
