import { describe, expect, it } from 'vitest'
import { shortWallet, walletInCommand, walletOf } from './wallet.ts'

const MONERO = `4${'A'.repeat(94)}`

describe('wallet', () => {
  it.each([
    [`${MONERO}.rig7`, MONERO],
    [`${MONERO}+120000`, MONERO],
    [`${MONERO}/mail`, MONERO],
    ['somebody@example.net', 'somebody@example.net'],
    ['.x', '.x'],
    ['', ''],
  ])('of the login %s is %s', (login, wallet) => expect(walletOf(login)).toBe(wallet))

  it.each([
    [`./xmrig -o pool.example.net:3333 -u ${MONERO}.w -p x`, MONERO],
    [`./kworker --url=pool.example.net:443 --user=${MONERO}`, MONERO],
    [`./m pool.example.net 0x${'a1'.repeat(20)}`, `0x${'a1'.repeat(20)}`],
    ['./m -o pool.example.net:3333 -u mail@example.net', 'mail@example.net'],
    ['sort -u', null],
    ['ls -la /tmp', null],
    ['', null],
  ])('in the command %s is %s', (command, wallet) => expect(walletInCommand(command)).toBe(wallet))

  it('is shortened for people', () => {
    expect(shortWallet(MONERO)).toBe('4AAA…AAAA')
    expect(shortWallet('short')).toBe('short')
  })
})
