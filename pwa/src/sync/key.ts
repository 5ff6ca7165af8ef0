/** The user's key from the server: this phone tells which one it is, and is told the key for what it seals. */
import { fromBase64 } from '../store/base64'
import type { Api } from './api'
import { ApiError } from './api'
import type { Ports } from './ports'

/** Throws ApiError: 401 also when this phone was reported lost. */
export async function askForKey(api: Api, device_id: string): Promise<Uint8Array> {
  const { key } = await api.put<{ key: string }>('/api/session/device', { device_id })
  return fromBase64(key)
}

/** Once for each start: the session is bound to this phone. A server that cannot say the key now is asked the next time. */
export async function bind(ports: Ports): Promise<void> {
  if (ports.key) return
  try {
    ports.key = await askForKey(ports.api, ports.deviceId)
  } catch (error) {
    if (!(error instanceof ApiError) || error.needsPassword) throw error
  }
}
