/**
 * SHA-256 (FIPS 180-4) of bytes that come piece by piece.
 *
 * The browser's own digest takes a whole file at once, only where a page is served over TLS; a worker could do it
 * elsewhere, but the page's policy trusts no script address (`trusted-types 'none'`). So: in pieces, with pauses.
 */
const PRIMES = [...Array(312).keys()].filter((n) => n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0))

/** The first 32 bits of the fraction of a number, as the standard derives its constants. */
const fraction = (value: number) => ((value - Math.floor(value)) * 2 ** 32) | 0

const K = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)))
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const BLOCK = 64

export class Sha256 {
  private readonly hash = Int32Array.from(START)
  private readonly words = new Int32Array(64)
  /** Bytes of a block that is not full yet. */
  private readonly rest = new Uint8Array(BLOCK)
  private restLength = 0
  private length = 0

  update(bytes: Uint8Array): this {
    this.length += bytes.length
    let at = 0
    if (this.restLength > 0) {
      at = Math.min(BLOCK - this.restLength, bytes.length)
      this.rest.set(bytes.subarray(0, at), this.restLength)
      this.restLength += at
      if (this.restLength < BLOCK) return this
      this.takeBlock(this.rest, 0)
      this.restLength = 0
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.takeBlock(bytes, at)
    this.rest.set(bytes.subarray(at))
    this.restLength = bytes.length - at
    return this
  }

  /** The digest in hex. Nothing can be added after it. */
  hex(): string {
    const bits = this.length * 8
    const padding = new Uint8Array(((this.restLength < 56 ? 56 : 120) - this.restLength) + 8)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32))
    view.setUint32(padding.length - 4, bits >>> 0)
    this.update(padding)
    return Array.from(this.hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  private takeBlock(bytes: Uint8Array, start: number): void {
    const { hash, words: w } = this
    for (let i = 0; i < 16; i += 1) {
      const at = start + i * 4
      w[i] = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15] ?? 0
      const y = w[i - 2] ?? 0
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = ((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) | 0
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] ?? 0) + (w[i] ?? 0)) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    const added = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i += 1) hash[i] = ((hash[i] ?? 0) + (added[i] ?? 0)) | 0
  }
}

/** Bytes hashed at once: a few milliseconds on a slow laptop, after which the page may draw. */
const PIECE = 512 * 1024

/** The SHA-256 of a file in hex, read piece by piece; rejects where it cannot be read, or is given up by `signal`. */
export async function digestOf(file: Blob, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<string> {
  const hash = new Sha256()
  for (let at = 0; at < file.size; at += PIECE) {
    signal.throwIfAborted()
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))
    onProgress(Math.min(at + PIECE, file.size))
  }
  return hash.hex()
}
