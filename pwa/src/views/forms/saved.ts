import { announce } from '../../components/announcement'
import { useOutboxCount } from '../../store/reading'
import { status } from '../../sync/status'

/**
 * Runs a save and then says, in the quiet line, that it is kept, and where there is no network how much waits for
 * one: with a network it is sent before the line is read.
 */
export function useSaved(): (save: () => Promise<unknown>) => Promise<void> {
  const waiting = useOutboxCount()
  return async (save) => {
    const count = (waiting.value ?? 0) + 1
    await save()
    announce(status.online ? '已保存' : `已保存，${count} 条待上传`)
  }
}
