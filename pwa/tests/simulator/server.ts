/**
 * The line to the real server (tests/simulator/server.py): one order at a time, and nothing else happens until it is answered,
 * so that a schedule is the same each time.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Request {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

export interface Answer {
  status: number
  headers: [string, string][]
  body: string
  /** What the server logged as an error of its own meanwhile. */
  logged: string[]
}

export interface People {
  password: string
  villages: { shared: string; neighbours: string }
}

export interface Truth {
  receipts: Record<string, 'applied' | 'rejected'>
  made: Record<string, number>
  handed_in: Record<string, unknown>[]
  wrong: string[]
}

/** To a phone it is a server that will answer later. */
const BROKEN: Answer = { status: 500, headers: [], body: '', logged: [] }

/** What is logged when another transaction held the rows that a request wanted. */
const WAITED_TOO_LONG = 'database: LockNotAvailable'

export class Server {
  /** What is a mistake of ours, though every phone bears it: the schedule fails with it. */
  readonly faults: string[] = []
  private readonly folder = mkdtempSync(join(tmpdir(), 'shishibu-sim-'))
  private readonly process: ChildProcess
  private readonly going: number
  private readonly coming: number
  private readonly buffer = Buffer.alloc(1 << 16)
  private rest: Buffer[] = []

  constructor(root: string, readonly database: 'sqlite' | 'postgresql', mistake: string | undefined) {
    const [going, coming] = ['orders', 'answers'].map((name) => join(this.folder, name)) as [string, string]
    execFileSync('mkfifo', [going, coming])
    const more = mistake ? [mistake] : []
    const python = join(root, '.venv/bin/python')
    this.process = spawn(python, ['-m', 'tests.simulator.server', database, going, coming, ...more], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    this.going = openSync(going, 'w')
    this.coming = openSync(coming, 'r')
  }

  begin = () => {
    this.faults.length = 0
    return this.order<{ now: number; people: People }>({ do: 'begin' })
  }

  request = (request: Request): Answer => {
    try {
      return this.judged(request, this.order<Answer>({ do: 'request', ...request }))
    } catch (error) {
      this.faults.push(String(error)) // Thrown, a phone would take it for a lost network.
      return BROKEN
    }
  }

  overlap = (first: Request, second: Request, reader: Request | null): [Answer, Answer, Answer | null] => {
    type Answers = [Answer, Answer, Answer | null]
    try {
      const [one, other, read] = this.order<{ answers: Answers }>({ do: 'overlap', first, second, reader }).answers
      return [this.judged(first, one), this.judged(second, other), reader && read && this.judged(reader, read)]
    } catch (error) {
      this.faults.push(String(error))
      return [BROKEN, BROKEN, reader && BROKEN]
    }
  }

  setTime = (now: number) => this.order({ do: 'time', now })
  restart = () => this.order({ do: 'restart' })
  endSessions = (username: string) => this.order({ do: 'end_sessions', username })
  grant = (username: string, role: string, where: string) => this.order({ do: 'grant', username, role, where })
  lose = (username: string, deviceId: string) => this.order({ do: 'lose', username, device_id: deviceId })
  revoke = (username: string, role: string) => this.order({ do: 'revoke', username, role })
  truth = () => this.order<Truth>({ do: 'truth' })

  async end(): Promise<void> {
    closeSync(this.going)
    closeSync(this.coming)
    if (this.process.exitCode === null) await new Promise((resolve) => this.process.once('exit', resolve))
    rmSync(this.folder, { recursive: true })
  }

  private judged(request: Request, answer: Answer): Answer {
    // Whoever waits for others (CONTRACT rules 6 and 7) asks again. Any other trouble with the database is called `busy`, too.
    if (answer.status === 503 && answer.logged.every((said) => said === WAITED_TOO_LONG)) return answer
    this.faults.push(...answer.logged.map((said) => `the server logs: ${said}`))
    if (answer.status >= 500) this.faults.push(`${request.method} ${request.path} → ${answer.status} ${answer.body}`)
    return answer
  }

  private order<T = Record<string, never>>(order: object): T {
    writeSync(this.going, `${JSON.stringify(order)}\n`)
    for (;;) {
      const read = readSync(this.coming, this.buffer)
      if (read === 0) throw new Error('the server is gone: see what it said above')
      const chunk = Buffer.from(this.buffer.subarray(0, read))
      this.rest.push(chunk)
      if (chunk[read - 1] !== 0x0a) continue
      const line = Buffer.concat(this.rest).toString()
      this.rest = []
      const answer = JSON.parse(line) as T & { broken?: string }
      if (answer.broken) throw new Error(answer.broken)
      return answer
    }
  }
}
