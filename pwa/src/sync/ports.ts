/** What the sync needs from outside: the store's ports, the network, and this phone's id. */
import type { StorePorts } from '../store/ports'
import type { Api } from './api'

export interface Ports extends StorePorts {
  api: Api
  deviceId: string
  /** The user's key, once the server has said it or a PIN has opened it; without it rows are written as they are. */
  key?: Uint8Array
}
