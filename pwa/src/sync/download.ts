/** Files that the browser fetches by itself: it says nothing where it can't, so that the server is asked first. */
import { ApiError, isOffline, problemOf } from './api'
import { problems } from './problems'
import { portsNow } from './session'
import { status } from './status'

const NO_NETWORK = '现在没有网络，文件没有导出。有信号后请再点一次。'
const NOT_REACHED = '没有连到服务器，文件没有导出。请稍后再点一次。'
const SIGN_IN = '请先重新登录，再导出。'

/** Why no file would come now; undefined: it will. */
export async function whyNoFile(): Promise<string | undefined> {
  try {
    const ports = portsNow()
    if (!ports) return SIGN_IN
    await ports.api.openSession()
    return undefined
  } catch (error) {
    const needsPassword = error instanceof ApiError && error.needsPassword
    if (needsPassword) status.needsPassword = true
    if (isOffline(error)) status.online = false
    if (needsPassword) return SIGN_IN
    if (isOffline(error)) return NO_NETWORK
    return error instanceof ApiError && error.code in problems ? NOT_REACHED : problemOf(error)
  }
}
