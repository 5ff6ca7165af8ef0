/** Writing that waits in no outbox: it is done while the server is there, or not at all. */
import { refusalSentence } from '../domain/words'
import { NotSaved } from '../store/saveProblem'
import { ApiError, isOffline, problemOf } from './api'
import type { Ports } from './ports'
import { problems } from './problems'
import { portsNow } from './session'
import { status } from './status'

const NO_NETWORK = '现在没有网络，还没有记上。写的都在，有信号后请再点一次。'
const UNCERTAIN = '没有收到服务器的回答，可能已经记上了。写的都在，请先看一看，没有记上再点一次。'

/** Throws NotSaved with a sentence that promises nothing: nobody tries again but the person. */
export async function whileOnline<T>(write: (ports: Ports) => Promise<T>): Promise<T> {
  const ports = portsNow()
  if (!ports) throw new NotSaved(refusalSentence('sign_in_required'))
  const wasOffline = navigator.onLine === false
  try {
    return await write(ports)
  } catch (error) {
    if (error instanceof ApiError && error.needsPassword) status.needsPassword = true
    if (isOffline(error)) status.online = false
    throw new NotSaved(sentenceOf(error, wasOffline))
  }
}

/** An answer can get lost on its way back: only without any network is it sure that nothing arrived. */
function sentenceOf(error: unknown, wasOffline: boolean): string {
  if (isOffline(error)) return wasOffline ? NO_NETWORK : UNCERTAIN
  return error instanceof ApiError && error.code in problems ? UNCERTAIN : problemOf(error)
}
