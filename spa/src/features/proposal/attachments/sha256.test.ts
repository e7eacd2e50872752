import { describe, expect, it } from 'vitest'

import { digestOf, Sha256 } from './sha256'

/** What Web Crypto gives, which is another implementation. */
async function standard(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Bytes without a pattern. */
function someBytes(size: number): Uint8Array<ArrayBuffer> {
  let state = 1
  return Uint8Array.from({ length: size }, () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return state >> 16
  })
}

describe('Sha256', () => {
  it('gives what the standard gives for its example', () => {
    // FIPS 180-4, example of one block.
    expect(new Sha256().update(new TextEncoder().encode('abc')).hex()).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 100_003])('gives the same as another implementation for %d bytes', async (size) => {
    const bytes = someBytes(size)
    expect(new Sha256().update(bytes).hex()).toBe(await standard(bytes))
  })

  it('does not care how the bytes are cut', async () => {
    const bytes = someBytes(1000)
    const hash = new Sha256()
    for (const [from, to] of [[0, 1], [1, 64], [64, 64], [64, 190], [190, 1000]]) hash.update(bytes.subarray(from, to))
    expect(hash.hex()).toBe(await standard(bytes))
  })
})

describe('digestOf', () => {
  it('reads a file of several pieces, telling how far it is', async () => {
    const bytes = someBytes(1_200_000)
    const told: number[] = []
    const found = await digestOf(new Blob([bytes]), new AbortController().signal, (at) => told.push(at))
    expect(found).toBe(await standard(bytes))
    expect(told).toEqual([524_288, 1_048_576, 1_200_000])
  })

  it('stops when it is given up', async () => {
    const given = new AbortController()
    const reading = digestOf(new Blob([someBytes(1_200_000)]), given.signal, () => given.abort())
    await expect(reading).rejects.toThrow()
  })
})
