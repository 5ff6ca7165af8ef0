/** Writing that waits in no outbox: it is done while the server is there, or not at all. */
import { refusalSentence } from '../domain/words'
import { NotSaved } from '../store/saveProblem'
import { ApiError, isOffline, problemOf } from './api'
import type { Ports } from './ports'
import { problems } from './problems'
import { portsNow } from './session'
import { status } from './status'

const NO_NETWORK = '现在没有网络，还没有记上。写的都在，有信号后请再点一次。'
const NOT_REACHED = '没有传到服务器，不知道记上没有。写的都在，请再点一次，不会记两遍。'

/** Throws NotSaved with a sentence that promises nothing: nobody tries again but the person. */
export async function whileOnline<T>(write: (ports: Ports) => Promise<T>): Promise<T> {
  const ports = portsNow()
  if (!ports) throw new NotSaved(refusalSentence('sign_in_required'))
  try {
    return await write(ports)
  } catch (error) {
    if (error instanceof ApiError && error.needsPassword) status.needsPassword = true
    if (isOffline(error)) status.online = false
    throw new NotSaved(sentenceOf(error))
  }
}

function sentenceOf(error: unknown): string {
  if (isOffline(error)) return NO_NETWORK
  return error instanceof ApiError && error.code in problems ? NOT_REACHED : problemOf(error)
}
