import { announce } from '../../components/announcement'
import { useOutboxCount } from '../../store/reading'

/** Runs a save and then says, in the quiet line, that it is kept and how much waits to be sent. */
export function useSaved(): (save: () => Promise<unknown>) => Promise<void> {
  const waiting = useOutboxCount()
  return async (save) => {
    const count = (waiting.value ?? 0) + 1
    await save()
    announce(`已保存，${count} 条待上传`)
  }
}
