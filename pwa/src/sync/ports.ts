/** What the sync needs from outside: the store's ports and the network. */
import type { StorePorts } from '../store/ports'
import type { Api } from './api'

export interface Ports extends StorePorts {
  api: Api
  /** The user's key, once the server has said it or a PIN has opened it; without it rows are written as they are. */
  key?: Uint8Array
}
