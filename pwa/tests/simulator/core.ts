/** What runs on a simulated phone: the app's own modules without its screens, unchanged. bundle.ts makes one script of it. */
import * as lifecycle from '../../src/domain/lifecycle'
import * as record from '../../src/store/record'
import * as engine from '../../src/sync/engine'
import * as session from '../../src/sync/session'
import * as status from '../../src/sync/status'
import * as unlock from '../../src/sync/unlock'

export const core = { lifecycle, record, engine, session, status, unlock }
export type Core = typeof core
