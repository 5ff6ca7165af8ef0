// Weighs what the sign-in and matters list pages load first (script and style, gzip), prints
// a table, and fails the build past the budget: a cheap phone on a village's signal waits for it.
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 90
const FIRST_PAGES = ['src/views/sessions/SignIn.vue', 'src/views/matters/MatterList.vue']

const dist = new URL('./dist/', import.meta.url)
const manifestFile = new URL('.vite/manifest.json', dist)
if (!existsSync(manifestFile)) {
  console.error('No build to weigh: run `vite build` first.')
  process.exit(1)
}
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist))).length

/** Adds the files of a chunk, and of what it imports statically, to `files`. */
function follow(key, files, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return files
  seen.add(key)
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const imported of chunk.imports ?? []) follow(imported, files, seen)
  return files
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
const first = new Set()
for (const key of [entry, ...FIRST_PAGES]) follow(key, first)

const later = new Set()
for (const key of Object.keys(manifest)) for (const file of follow(key, new Set())) if (!first.has(file)) later.add(file)

const kb = (bytes) => (bytes / 1024).toFixed(1).padStart(6)
let total = 0
console.log('\nFirst load (gzip KB):')
for (const file of first) {
  if (!/\.(js|css)$/.test(file)) continue
  total += sizeOf(file)
  console.log(`  ${kb(sizeOf(file))}  ${file}`)
}
console.log(`  ${kb(total)}  total, budget ${BUDGET_KB}`)
console.log('Loaded later, when first needed:')
for (const file of [...later].sort()) if (/\.(js|css)$/.test(file)) console.log(`  ${kb(sizeOf(file))}  ${file}`)

if (total > BUDGET_KB * 1024) {
  console.error(`The first load is over its budget of ${BUDGET_KB} KB.`)
  process.exit(1)
}
