/**
 * Comfort only: the page says everything without it. Copy buttons, a search field over tables and
 * sentences, folds that open when something inside them is linked to, found or printed.
 * No evidence goes in here; it only reads the page's text.
 */
export const SCRIPT = `(() => {
  'use strict'
  const all = (selector) => [...document.querySelectorAll(selector)]
  const unfold = (node) => {
    for (let at = node; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true
  }
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    unfold(target)
    const fold = target.querySelector(':scope > details')
    if (fold) fold.open = true
    target.scrollIntoView({ block: 'start' })
  }
  addEventListener('hashchange', follow)
  if (location.hash) follow()
  addEventListener('beforeprint', () => all('details').forEach((fold) => { fold.open = true }))
  if (navigator.clipboard) {
    for (const code of all('code.copy')) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'copy-button'
      button.textContent = 'Copy'
      button.addEventListener('click', async () => {
        try {
          await navigator.clipboard.writeText(code.textContent)
          button.textContent = 'Copied'
        } catch {
          button.textContent = 'Select and copy'
        }
        setTimeout(() => { button.textContent = 'Copy' }, 1500)
      })
      code.after(button)
    }
  }
  const entries = all('.searchable tbody tr, .story .sentence')
  if (entries.length > 8) {
    const box = document.createElement('label')
    box.className = 'search'
    const input = document.createElement('input')
    input.type = 'search'
    input.placeholder = 'Search'
    input.setAttribute('aria-label', 'Search sentences and tables')
    const told = document.createElement('span')
    told.setAttribute('role', 'status')
    box.append(input, told)
    document.querySelector('header.top').append(box)
    const texts = entries.map((entry) => entry.textContent.toLowerCase())
    input.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase()
      let found = 0
      entries.forEach((entry, i) => {
        const isHit = wanted === '' || texts[i].includes(wanted)
        entry.hidden = !isHit
        if (isHit) found += 1
        if (isHit && wanted !== '' && found <= 50) unfold(entry.parentElement)
      })
      told.textContent = wanted === '' ? '' : found + ' found'
    })
  }
})()
`
