import { describe, expect, it } from 'vitest'
import { BITCOIN, ETHEREUM, MONERO, MONERO_INTEGRATED, ZCASH } from './dialogue.cases.ts'
import { coinOfWallet, isPaidAs, readLogin } from './wallet.ts'

const ID = 'ab'.repeat(32)

describe('login', () => {
  it.each([
    [MONERO, MONERO, null, 'XMR'],
    [`${MONERO}.rig`, MONERO, 'rig', 'XMR'],
    [`${MONERO}+50000`, MONERO, null, 'XMR'],
    [`${MONERO}.rig+50000`, MONERO, 'rig', 'XMR'],
    [`${MONERO}.${ID}.rig`, `${MONERO}.${ID}`, 'rig', 'XMR'],
    [`${MONERO}/rig/me@mail.example`, MONERO, 'rig', 'XMR'],
    [MONERO_INTEGRATED, MONERO_INTEGRATED, null, 'XMR'],
    [`${BITCOIN}.a.b`, BITCOIN, 'a', 'BTC'],
    [`${ETHEREUM}.rig`, ETHEREUM, 'rig', 'ETH'],
    [`${ETHEREUM}/rig/me@mail.example`, ETHEREUM, 'rig', 'ETH'],
    [`${ZCASH}.rig`, ZCASH, 'rig', 'ZEC'],
    ['account.worker', 'account', 'worker', null],
    ['me.myself@mail.example', 'me.myself@mail.example', null, null],
    ['me@mail.example/rig', 'me@mail.example', 'rig', null],
    ['', '', null, null],
    ['.x', '', 'x', null],
  ])('%s', (text, account, worker, coin) => {
    expect(readLogin(text)).toEqual({ account, worker, coin })
  })
})

describe('wallet', () => {
  it.each([
    [`${MONERO}x`, null],
    [MONERO.slice(1), null],
    [MONERO.replace('L', 'l').replace('a', '0'), null],
    [`kaspa:q${'q'.repeat(60)}`, 'KAS'],
    [`bitcoincash:q${'z'.repeat(41)}`, 'BCH'],
    ['0x1234', null],
    [`1${'LampExamp'.repeat(4).slice(0, 33)}`, 'BTC'],
    ['hello world, this is no wallet at all', null],
  ])('%s', (account, coin) => {
    expect(coinOfWallet(account)).toBe(coin)
  })

  it('of a multi-coin pool does not name what is mined', () => {
    expect(isPaidAs('BTC', 'cryptonote', 'rx/0')).toBe(false)
    expect(isPaidAs('BTC', 'bitcoin', 'kawpow')).toBe(false)
    expect(isPaidAs('BTC', 'bitcoin', 'sha256d')).toBe(true)
    expect(isPaidAs('XMR', 'cryptonote', 'rx/0')).toBe(true)
  })
})
