/** Getting at what lies sealed on this phone: by the PIN, or by the server, whichever is first. */
import { phoneClock } from '../domain/clock'
import { canHavePin, keepKey, tryPin, type Tried } from '../store/keyring'
import { deviceId } from '../store/registry'
import { WrongKey } from '../store/sealed'
import { ApiError, isOffline, openApi } from './api'
import { seal } from './connection'
import { askForKey } from './key'
import { leaveIfTurnedAway } from './sentAway'
import { notePin, portsNow, session, unlock } from './session'

export { pinProblem, PIN_LENGTH } from '../store/keyring'

const ASK_EVERY_MS = 10 * 1000

/** Set a PIN, or none: then only the server opens what lies here. What the page does goes on meanwhile: it takes a second. */
export async function setPin(pin: string | null): Promise<void> {
  const ports = portsNow()
  if (!ports?.key || !canHavePin()) return
  await keepKey(ports.me.id, ports.key, pin)
  await seal(ports.db, ports.key)
  await notePin()
}

/** Try the PIN; where it is right, what lies here is open when this resolves. */
export async function openByPin(pin: string): Promise<Tried> {
  const tried = await tryPin(session.me?.id ?? '', pin)
  if ('key' in tried) await unlock(tried.key)
  return tried
}

/** Ask the server for the key until it has opened what lies here; `told` each time why it has not. Returns how to stop. */
export function openByServer(told: (problem: 'offline' | 'needs_password' | 'other_key') => void): () => void {
  let asking = false
  const ask = async () => {
    const { me } = session
    if (asking || !me || !session.locked || navigator.onLine === false) return
    asking = true
    try {
      const api = openApi((input, init) => fetch(input, init), phoneClock, me.id)
      await unlock(await askForKey(api, await deviceId()))
    } catch (error) {
      if (isOffline(error)) told('offline')
      if (error instanceof ApiError && error.needsPassword) {
        told('needs_password')
        await leaveIfTurnedAway()
      }
      if (error instanceof WrongKey) told('other_key')
    } finally {
      asking = false
    }
  }
  const timer = setInterval(() => void ask(), ASK_EVERY_MS)
  const again = () => void ask()
  addEventListener('online', again)
  document.addEventListener('visibilitychange', again)
  again()
  return () => {
    clearInterval(timer)
    removeEventListener('online', again)
    document.removeEventListener('visibilitychange', again)
  }
}
