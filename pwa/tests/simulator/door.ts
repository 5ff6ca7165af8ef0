/** The server's door: usually it stands open; held shut for a while, it lets two pushes and a pull in so that they overlap. */
import { moments } from '../mortal/process'
import type { Answer, Request, Server } from './server'

interface Waiting {
  request: Request
  answered: (answer: Answer) => void
}

const PATIENCE_TURNS = 400

export class Door {
  private shut = false
  private pushes: Waiting[] = []
  private pulls: Waiting[] = []

  constructor(
    private readonly server: Server,
    private readonly note: (what: string) => void,
  ) {}

  async enter(request: Request): Promise<Answer> {
    const queue = this.shut && (request.path.endsWith('/push') ? this.pushes : request.path.endsWith('/pull') ? this.pulls : null)
    if (!queue) return this.server.request(request)
    const answer = new Promise<Answer>((answered) => queue.push({ request, answered }))
    if (this.pushes.length === 2 && this.pulls.length > 0) this.open()
    return answer
  }

  /** Until two pushes and a pull have come, or for as many turns. */
  async holdShut(): Promise<void> {
    this.shut = true
    for (let turn = 0; turn < PATIENCE_TURNS && this.shut; turn++) await moments(1)
    this.open()
  }

  open(): void {
    this.shut = false
    const [first, second, ...others] = this.pushes
    const [reader, ...later] = this.pulls
    this.pushes = []
    this.pulls = []
    if (first && second) {
      const [one, other, read] = this.server.overlap(first.request, second.request, reader?.request ?? null)
      this.note(`two pushes overlap → ${one.status}, ${other.status}${read ? `, and a pull between them → ${read.status}` : ''}`)
      first.answered(one)
      second.answered(other)
      if (read) reader!.answered(read)
    } else if (first) others.unshift(first)
    if (reader && !(first && second)) later.unshift(reader)
    for (const { request, answered } of [...others, ...later]) answered(this.server.request(request))
  }
}
