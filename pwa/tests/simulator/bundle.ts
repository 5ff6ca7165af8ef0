/** The phone's core as one script, and with a mistake in it to show that the simulator would see it. */
import { fileURLToPath } from 'node:url'

import { build, type Plugin } from 'vite'

/** What a mistake makes of a module; the simulator stops if the module no longer has what it replaces. */
const MISTAKES: Record<string, { file: string; right: string; wrong: string }> = {
  deletes_early: {
    file: 'sync/push.ts',
    right: 'await settle(ports.db, await send(ports, batch))',
    wrong:
      'await settle(ports.db, await send(ports, batch.map((entry) => (void ports.db.outbox.delete(entry.seq as number), entry))))',
  },
  deletes_what_a_lost_phone_holds: {
    file: 'sync/lost.ts',
    right: 'if (await fits(some, gone))',
    wrong: 'if (size > 0)',
  },
  deletes_a_second_matter: {
    file: 'store/forms.ts',
    right: '.filter((matter) => !isBlank(matter))\n      .map(',
    wrong: '.filter((matter, at) => at === 0 && !isBlank(matter))\n      .map(',
  },
  sends_beside_what_was_refused: {
    file: 'store/outbox.ts',
    right: '...(replaces ? { seq: replaces.seq as number } : {}),',
    wrong: '',
  },
  stumbles_when_access_changes: {
    file: 'sync/pull.ts',
    right: 'received(count, page.left)',
    wrong: 'received(count, page.reset ? (null as never as Pulled).left : page.left)',
  },
}

export const isOnPhone = (mistake: string) => mistake in MISTAKES

export async function coreScript(root: string, mistake?: string): Promise<string> {
  const made = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: mistake && mistake in MISTAKES ? [putIn(mistake)] : [],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: fileURLToPath(new URL('tests/simulator/core.ts', `file://${root}/`)), formats: ['iife'], name: 'phone' },
    },
  })
  const [first] = Array.isArray(made) ? made : [made]
  if (!first || !('output' in first)) throw new Error('nothing was built')
  return first.output[0].code
}

function putIn(mistake: string): Plugin {
  const { file, right, wrong } = MISTAKES[mistake]!
  return {
    name: 'put-in-a-mistake',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(file)) return null
      if (!code.includes(right)) throw new Error(`${file} no longer has: ${right}`)
      return code.replace(right, wrong)
    },
  }
}
