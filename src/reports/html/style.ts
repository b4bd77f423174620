/** The page's style sheet. Colours of text on their grounds meet WCAG 2.2 AA in both schemes. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#faf9f6;--sheet:#fff;--ink:#1d2023;--soft:#565b61;--line:#e2dfd8;--faint:#f1efe9;--link:#0b5a8f;--lamp:#a84d00;--alarm:#b3261e;--alarm-ground:#fdecea;--warn:#8a4b00;--warn-ground:#fdf1de;--fine:#1b6b3a;--fine-ground:#e6f4ea;
--c0:#1a76b7;--c1:#cf5a12;--c2:#12876a;--c3:#a8559b;--c4:#b98600;--c5:#4a5f9e;--mark:#1d2023;
--mono:ui-monospace,"SF Mono","Cascadia Code","JetBrains Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;--sans:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,"Noto Sans","DejaVu Sans",sans-serif}
@media (prefers-color-scheme:dark){:root{--ground:#14171a;--sheet:#1b1f23;--ink:#e9e7e2;--soft:#a9adb2;--line:#32373d;--faint:#22272c;--link:#8cc4ee;--lamp:#f0a452;--alarm:#ff8f85;--alarm-ground:#3a1d1b;--warn:#f3bd72;--warn-ground:#33270f;--fine:#7fd6a0;--fine-ground:#16301f;
--c0:#4a9fd8;--c1:#ea7a35;--c2:#2fae8c;--c3:#c77cba;--c4:#d6a21f;--c5:#7f93d0;--mark:#f4f2ec}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 var(--sans);font-feature-settings:"tnum"}
main,.top,footer{max-width:76rem;margin:0 auto;padding:0 clamp(1rem,3vw,2.5rem)}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
:focus-visible{outline:3px solid var(--lamp);outline-offset:2px;border-radius:3px}
:target{scroll-margin-top:4.5rem}
.proof:target,.sentence:target{background:var(--warn-ground)}
h1,h2,h3,h4{line-height:1.2;margin:0;font-weight:650;letter-spacing:-.011em;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.45rem}h3{font-size:1.08rem;margin:2.4rem 0 .9rem}h4{font-size:1rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
code,pre,.place{font-family:var(--mono);font-size:.84em}
dt,dd,li,summary,td,th{overflow-wrap:anywhere}
.muted,.sub{color:var(--soft)}
.sub{display:block;font-size:.82rem;line-height:1.35;font-weight:400;overflow-wrap:anywhere}
.sub:empty,.opening p:empty{display:none}
.definitions{position:absolute;width:0;height:0;overflow:hidden}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--sheet);padding:.5rem 1rem;z-index:9}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem 1.6rem;padding-top:1rem;padding-bottom:1rem}
.brand{display:flex;align-items:center;gap:.5rem;margin:0;font-weight:650;letter-spacing:.01em}
.lamp{flex:none}.lamp path{fill:none;stroke:var(--soft);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}.lamp .flame{fill:var(--lamp);stroke:none}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.9rem}nav a{color:var(--soft);text-decoration:none;padding:.15rem 0}nav a:hover{color:var(--ink);text-decoration:underline}
.search{margin-left:auto;font-size:.85rem;color:var(--soft);display:flex;flex-direction:row-reverse;align-items:center;gap:.6rem}
.search input{font:inherit;color:var(--ink);background:var(--sheet);border:1px solid var(--line);border-radius:6px;padding:.35rem .7rem;width:11rem}
main>.opening{margin:2.6rem 0 2.2rem}
.opening h1{font-size:clamp(1.8rem,1.2rem + 2.4vw,3rem);letter-spacing:-.025em;line-height:1.08;max-width:30ch}
.opening.calm h1{color:var(--fine)}.opening .figures{margin:1.7rem 0 1.1rem}
.first{font-size:1.12rem;max-width:66ch;margin-top:1.1rem;color:var(--soft)}
.figures{display:flex;flex-wrap:wrap;gap:1rem 3rem;margin:1.6rem 0 1rem}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{color:var(--soft);font-size:.86rem}.figures dd{margin:0;font-size:1.75rem;line-height:1.15;font-weight:600;letter-spacing:-.02em}
.battlefield{background:var(--sheet);border:1px solid var(--line);border-radius:14px;padding:clamp(1rem,2.4vw,1.8rem);margin-bottom:2.5rem}
.field{margin-top:1rem}
.row{display:grid;grid-template-columns:minmax(8rem,13rem) minmax(0,1fr) minmax(5rem,8rem);gap:0 1.2rem;align-items:start;border-top:1px solid var(--line);padding:.55rem 0 .35rem}
.row.axis{border:0;padding:0}
.who{overflow-wrap:anywhere;min-width:0;line-height:1.3}.who a,.who .sub{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}.who a{font-weight:600;color:var(--ink);text-decoration-color:var(--line)}
.cost{text-align:right;line-height:1.3}
.track{display:block;overflow:visible}
.axis text{font:.75rem var(--sans);fill:var(--soft);text-anchor:middle}.axis .first{text-anchor:start}.axis .last{text-anchor:end}
.grid{stroke:var(--line);stroke-width:1;stroke-dasharray:2 3}
.bar{stroke:var(--sheet);stroke-width:1}
a:focus-visible .bar,a:hover .bar{stroke:var(--mark);stroke-width:2}
.ink{stroke:#fff;stroke-opacity:.5;stroke-width:2;fill:none}.ink.fine{stroke-width:1}.dot{fill:#fff;fill-opacity:.6}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}
.hair{stroke:var(--mark);stroke-width:1.5;fill:none}.open{stroke:var(--sheet);stroke-width:5;stroke-dasharray:3 2;fill:none}
.legend .open{stroke:var(--soft)}.begin{fill:var(--sheet);stroke:var(--mark);stroke-width:1.5}
.sign{fill:var(--mark)}.sign.cross{fill:none;stroke:var(--mark);stroke-width:2;stroke-linecap:round}
.touch{fill:transparent}
.strip rect{fill:var(--soft);opacity:.75}
.hands{display:grid;grid-template-columns:minmax(4rem,max-content) minmax(0,1fr);column-gap:.8rem;margin:.8rem 0}.hands .names{max-width:9rem;min-width:0}.hands .names span{display:block;height:24px;line-height:24px;font-size:.85rem;font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.hands .ends{grid-column:2;margin-top:.2rem;line-height:1.3;display:flex;justify-content:space-between;gap:1rem;font-size:.75rem;color:var(--soft)}.hands .ends span:last-child{text-align:right}.hands .bar{stroke:none}.step .hair{stroke-dasharray:2 2}
.tries{fill:var(--soft);opacity:.35}
.tried .who a{font-weight:450}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;padding:.9rem 0 0;margin:.3rem 0 0;border-top:1px solid var(--line);font-size:.85rem;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:.45rem;max-width:100%;overflow-wrap:anywhere;min-width:0}
.swatch{flex:none;vertical-align:-.1em}
.incident{margin:0 0 1.2rem}
.incident>details>summary{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .8rem;cursor:pointer;padding:1rem 0 .6rem;border-top:2px solid var(--ink);list-style:none}
.incident>details>summary::-webkit-details-marker{display:none}
.incident>details>summary::before{content:"";align-self:center;border:.32rem solid transparent;border-left-color:var(--soft);border-right-width:0;margin-right:-.1rem}
.incident>details[open]>summary::before{border:.32rem solid transparent;border-top-color:var(--soft);border-bottom-width:0;margin-right:-.25rem}

.incident>details:not([open])>summary{border-top:1px solid var(--line);padding:.65rem 0 .5rem}.incident>details:not([open])>summary h2{font-size:1.12rem}.incident:has(>details:not([open])){margin:0}.incident+.incident:has(>details[open]){margin-top:1.6rem}
.names{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}.sum{margin-left:auto;font-weight:600}
.state,.severity{display:inline-block;font-size:.78rem;font-weight:600;padding:.1rem .55rem;border-radius:99px;background:var(--faint);color:var(--soft);white-space:nowrap}
.state.occupied,.severity.critical{background:var(--alarm-ground);color:var(--alarm)}
.state.intruded,.severity.high{background:var(--warn-ground);color:var(--warn)}
.state.clean{background:var(--fine-ground);color:var(--fine)}
.status{font-size:.86rem;margin-top:0}
.lead{font-size:1.2rem;line-height:1.55;max-width:70ch;margin:1rem 0 1.4rem}
.refs,.proof-again{font-size:.82rem}.refs .place,.proof-again .place{font-size:.92em;text-decoration:none;background:var(--faint);border:1px solid var(--line);border-radius:4px;padding:.05em .4em;overflow-wrap:anywhere}
.refs .place:hover,.proof-again .place:hover{border-color:var(--link)}
.lead .refs{margin:0 .15em 0 .3em;vertical-align:.08em}
.place{color:var(--link)}figcaption .place{color:var(--ink);font-weight:600}
.todo{background:var(--sheet);border:1px solid var(--line);border-left:5px solid var(--lamp);border-radius:10px;padding:1.1rem 1.4rem;margin:1.4rem 0}
.todo h3{margin:0 0 .4rem}.todo ol{margin:0;padding-left:1.4rem}.todo li{padding-left:.3rem;margin:.5rem 0}.todo li::marker{color:var(--lamp);font-weight:700}.todo li p{margin:0;max-width:76ch}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
.command{background:var(--faint);border-radius:6px;padding:.5rem .8rem;margin:.45rem 0 0;display:flex;gap:.8rem;justify-content:space-between;align-items:flex-start}.command code{white-space:pre;overflow-x:auto;min-width:0}
.copy-button{font:600 .75rem var(--sans);color:var(--soft);background:none;border:1px solid var(--line);border-radius:5px;padding:.1rem .5rem;margin-left:.5rem;cursor:pointer;white-space:nowrap;flex:none}
.copy-button:hover{color:var(--ink);border-color:var(--soft)}
.story{list-style:none;margin:0;padding:0}
.day{color:var(--soft);font-size:.86rem;padding:.2rem 0 .5rem}
.sentence{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:.4rem 2rem;padding:.85rem 0;border-top:1px solid var(--line);border-radius:2px}
.told{display:grid;grid-template-columns:5.2rem minmax(0,1fr);align-items:baseline}
.told time{font-size:.86rem;color:var(--soft);font-variant-numeric:tabular-nums}
.told p{margin:0}
.takeover .told p{font-weight:600}.way-in .told p{font-weight:600}
.proof{margin:0 0 .5rem;background:var(--sheet);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.proof:last-child{margin-bottom:0}
.proof figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.2rem 1rem;padding:.3rem .75rem;background:var(--faint);font-size:.85rem}
.proof figcaption time{color:var(--soft);font-size:.92em}
.proof figcaption .place{overflow-wrap:anywhere}
.proof pre{padding:.5rem .75rem;font-size:.92rem}
.proof-again{margin:.2rem 0}.proof-again::before{content:"shown above: ";color:var(--soft);font-size:.82rem}
details.more>summary{cursor:pointer;color:var(--link);font-size:.86rem;padding:.25rem 0;width:fit-content}
details.more[open]>summary{margin-bottom:.4rem}
.evidence{margin-top:1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem}
.card{background:var(--sheet);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;min-width:0}
.card h3:first-child{margin-top:0}.card p:empty{display:none}.card .muted{font-size:.86rem;margin:.2rem 0}
.reasons{margin:.5rem 0;padding-left:1.1rem;font-size:.92rem}.reasons:empty{display:none}
.artefacts{margin:.6rem 0 0;font-size:.9rem}
.artefacts div{display:grid;grid-template-columns:5.5rem minmax(0,1fr);gap:.2rem .8rem;padding:.4rem 0;border-top:1px solid var(--line)}
.artefacts dt{color:var(--soft);overflow-wrap:anywhere;min-width:0}.artefacts dd{margin:0;overflow-wrap:anywhere}.artefacts .refs{display:block;margin-top:.15rem}
.basis{max-width:76ch;font-size:.92rem}
.incident .figures{margin:.4rem 0}.incident .figures dd{font-size:1.35rem}
.reach{padding-left:1.1rem}.reach li{margin:.35rem 0;overflow-wrap:anywhere}.kind{font-weight:600}.kind::after{content:":"}
main>section{margin:2.6rem 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--sheet)}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
th,td{text-align:left;vertical-align:top;padding:.55rem .9rem;overflow-wrap:anywhere;min-width:5rem}
thead th{color:var(--soft);font-weight:500;font-size:.82rem;white-space:nowrap;background:var(--faint)}
tbody th{font-weight:600;min-width:12rem}tbody tr+tr>*{border-top:1px solid var(--line)}
td:nth-child(2){min-width:10rem}.when{min-width:9rem}
thead th:has(.number){text-align:right}td.number{text-align:right;font-variant-numeric:tabular-nums}.addresses{font-family:var(--mono);font-size:.84em;overflow-wrap:break-word}
.technique{display:block}.line{display:block}.problem{color:var(--warn)}
footer{color:var(--soft);font-size:.85rem;padding-top:1rem;padding-bottom:3rem}
@media (max-width:52rem){.sentence{grid-template-columns:1fr}.proofs{padding-left:0}
.row{grid-template-columns:minmax(0,1fr) auto;gap:.2rem 1rem}.row .track{grid-row:2;grid-column:1/-1}.row .who{grid-row:1}.row .cost{grid-row:1;grid-column:2}.axis .odd{display:none}.row.axis .who,.row.axis .cost{display:none}
.search{margin-left:0;width:100%;flex-direction:row}.search input{flex:1}.sum{margin-left:0;width:100%}.figures{gap:.8rem 2rem}.figures dd{font-size:1.4rem}.lead{font-size:1.08rem}.told{grid-template-columns:4.8rem minmax(0,1fr)}}
@media print{:root{--ground:#fff;--sheet:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#f2f2f2;--link:#000;--lamp:#000;--alarm:#000;--warn:#000;--fine:#000;--alarm-ground:#eee;--warn-ground:#eee;--fine-ground:#eee;--c0:#1a76b7;--c1:#cf5a12;--c2:#12876a;--c3:#a8559b;--c4:#b98600;--c5:#4a5f9e;--mark:#000}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font-size:10pt}main,.top,footer{max-width:none;padding-left:0;padding-right:0}nav,.search,.copy-button,.skip{display:none}

.command code{white-space:pre-wrap}
details::details-content{content-visibility:visible;display:block;height:auto}
.incident>details>summary::before{display:none}
.sentence,.proof,.card,.row,.todo li,tr{break-inside:avoid}h2,h3,summary{break-after:avoid}
.scroll{overflow:visible}table{font-size:8.5pt}th,td,tbody th,td:nth-child(2){min-width:0;padding:.3rem .5rem}td.when{min-width:7.2rem}th,td{overflow-wrap:break-word}.opening{padding:.5rem 0 1rem}.opening h1{font-size:22pt}.battlefield{break-inside:avoid}a{text-decoration:none}}
`
