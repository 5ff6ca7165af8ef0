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
}

export interface People {
  password: string
  villages: { own: string; shared: string; neighbours: string }
  units: string[]
}

export interface Truth {
  receipts: Record<string, 'applied' | 'rejected'>
  made: Record<string, number>
  handed_in: Record<string, unknown>[]
  wrong: string[]
}

export class Server {
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

  begin = () => this.order<{ now: number; people: People }>({ do: 'begin' })
  request = (request: Request) => this.order<Answer>({ do: 'request', ...request })
  overlap = (first: Request, second: Request, reader: Request | null) =>
    this.order<{ answers: [Answer, Answer, Answer | null] }>({ do: 'overlap', first, second, reader }).answers
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
      return JSON.parse(line) as T
    }
  }
}
