import { chartStyle } from "./charts/plot.ts";
import { classColour, colouredClasses, fontFamily, pageColours } from "./theme.ts";

/** The style sheet of a report. */
export const pageStyle: string = `${pageColours}
*{box-sizing:border-box}
html{font:16px/1.55 ${fontFamily};color:var(--ink);background:var(--paper);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1248px;padding:0 24px 72px}
h1,h2,h3{line-height:1.2;font-weight:650;letter-spacing:-.012em;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:clamp(1.7rem,1.2rem + 2vw,2.5rem);margin:0}
h2{font-size:1.35rem;margin:0 0 .55rem}
h3{font-size:1.1rem;margin:0 0 .5rem}
p{margin:0 0 .8rem;max-width:72ch;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
figure{margin:0}
ul{list-style:none;margin:0;padding:0}
.soft{color:var(--soft)}
.minor{font-weight:600;margin-bottom:.35rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:24px;top:8px;background:var(--paper);padding:.3rem .6rem}
header.top{padding:14px 0 0}
.bar{display:flex;flex-wrap:wrap;gap:8px 18px;align-items:center;justify-content:space-between;font-size:.85rem;color:var(--soft);padding-bottom:12px;border-bottom:1px solid var(--rule)}
.bar b{color:var(--ink);letter-spacing:-.01em}
.tools{display:flex;gap:16px;align-items:center}
.tools label{display:inline-flex;gap:6px;align-items:center;cursor:pointer}
.tools input{accent-color:var(--accent);margin:0}
button{font:inherit;color:var(--ink);background:var(--wash);border:1px solid var(--rule);border-radius:6px;padding:3px 11px;cursor:pointer}
button:hover{border-color:var(--soft)}
.title{padding:44px 0 4px}
.lede{font-size:clamp(1.08rem,1rem + .55vw,1.32rem);line-height:1.5;margin:1.1rem 0 0;max-width:62ch;text-wrap:pretty}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:0 28px;margin:2rem 0 0;max-width:860px}
.tiles div{border-top:2px solid var(--ink);padding-top:8px}
.tiles dt{font-size:.85rem;color:var(--soft)}
.tiles dd{margin:0;font-size:1.75rem;font-weight:600;letter-spacing:-.02em;font-variant-numeric:tabular-nums;line-height:1.3}
.tiles small{font-size:.95rem;font-weight:400;color:var(--soft);letter-spacing:0;white-space:nowrap}
nav{margin:2rem 0 0;font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px}
nav a{text-decoration:none}nav a:hover{text-decoration:underline}
.notices{margin:1.8rem 0 0;padding:.75rem 1rem;border-left:4px solid var(--warn);background:var(--warn-wash);border-radius:0 6px 6px 0;max-width:76ch}
.notices p{margin:0}.notices ul{margin:.3rem 0 0;padding-left:1.1em;list-style:disc}.notices li{overflow-wrap:anywhere}
main>section,main>details{margin-top:44px;padding-top:22px;border-top:1px solid var(--rule)}
section section,details section{margin-top:34px}
main>details>summary,main>section>h2{scroll-margin-top:12px}
details>summary{cursor:pointer;color:var(--accent);width:fit-content;max-width:100%}
details>summary h2{display:inline;color:var(--ink)}
details[open]>summary{margin-bottom:.6rem}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:14px 28px;margin:0}
.facts dt{font-size:.82rem;color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.facts dd .soft{display:block;font-size:.88rem}
.strip{display:flex;flex-wrap:wrap;gap:4px}
img{display:block;border-radius:2px;max-width:100%;height:auto}
.squares{image-rendering:pixelated}
:root:has(#invert:checked) :is(img,svg).grey{filter:invert(1)}
.centers{display:grid;grid-template-columns:repeat(auto-fill,minmax(96px,1fr));gap:20px 16px}
.centers figcaption{font-size:.82rem;line-height:1.35;margin-top:6px;display:flex;flex-direction:column;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,288px),1fr));gap:30px 16px}
.card figcaption{font-size:.88rem;display:flex;flex-wrap:wrap;gap:0 8px;margin-bottom:7px;max-width:288px}
.card figcaption .soft{margin-left:auto}.card figcaption .class{flex-basis:100%;order:3;font-weight:400}
.cards.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,172px),1fr));gap:24px 16px}
.cards.small figcaption,.cards.small .view p{max-width:174px}
.card .view p{font-size:.82rem;margin:6px 0 0;max-width:288px}
.profiles{grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr))}.profiles.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,190px),1fr))}
.profiles .card figcaption,.profiles.small figcaption{max-width:none}
.shifts{font-size:.8rem;font-variant-numeric:tabular-nums;margin-bottom:10px}
.shifts li{display:grid;grid-template-columns:3.2em minmax(0,1fr) 3.6em;gap:8px;align-items:center;line-height:1.5}
.shifts.named li{grid-template-columns:8.5em minmax(0,1fr) 3.6em}
.shifts b{text-align:right;font-weight:400;color:var(--soft)}
.track{position:relative;height:10px;border-radius:2px;background:linear-gradient(var(--soft),var(--soft)) center/1px 100% no-repeat,var(--wash)}
.track i{position:absolute;top:0;height:100%;background:var(--accent);border-radius:2px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.track .high{left:50%}.track .low{right:50%;background:var(--warn)}
.names{font-size:.84rem;line-height:1.45}.names li{display:flex;gap:0 8px}.names span{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.names .soft{flex:none;max-width:45%}
.name{font-size:.84rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:0 1 9em}.reconstructions .name{display:block}.reconstructions:has(.name){gap:12px 24px}.doubts:has(.name){grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr))}
.view:not(.typical):not(.matched):not(.classes){display:none}
${["typical", "borderline", "random", "matched", "majority", "classes", "clusters"]
  .map(
    (view) =>
      `.views:has([value=${view}]:checked) .view:not(.${view}){display:none}.views:has([value=${view}]:checked) .view.${view}{display:block}`,
  )
  .join("\n")}
.switch{border:0;padding:0;margin:0 0 12px;display:flex;flex-wrap:wrap;gap:6px;align-items:center;font-size:.88rem}
.switch legend{float:left;padding:0;margin-right:6px;color:var(--soft)}
.switch label{cursor:pointer;position:relative}
.switch input{position:absolute;opacity:0;inset:0;margin:0;cursor:pointer}
.switch span{display:block;padding:3px 12px;border:1px solid var(--rule);border-radius:99px}
.switch input:checked+span{background:var(--ink);color:var(--paper);border-color:var(--ink)}
.switch input:focus-visible+span{outline:2px solid var(--accent);outline-offset:2px}
.pair{display:flex;flex-wrap:wrap;gap:28px 40px}
.pair>div{min-width:0;max-width:100%;flex:0 1 auto}
.views.pair>div:last-child .minor{margin-bottom:calc(.35rem + 42px)}
.chart figcaption{font-size:.85rem;color:var(--soft);margin-top:8px;max-width:58ch;contain:inline-size}
.chart svg{display:block;max-width:100%;height:auto}
.chart.wide svg{max-width:none}
${chartStyle}
.aside{display:grid;grid-template-columns:minmax(0,520px) minmax(0,1fr);gap:16px 44px;margin-top:10px}
.criteria{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));gap:18px 24px;margin:22px 0 10px}
.agreement{margin-top:26px}
.spread{margin-top:30px}
.codes p{font-size:.85rem;margin-top:8px}
.codes{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:24px 40px;margin-top:14px}
.codes>:only-child{grid-column:1/-1}
.turnable{cursor:grab;touch-action:pan-y;user-select:none;-webkit-user-select:none}.turnable:active{cursor:grabbing}
.turning{display:flex;flex-wrap:wrap;gap:4px 24px;font-size:.85rem;color:var(--soft);margin-top:4px}
.turning label{display:flex;gap:8px;align-items:center}
.turning input{accent-color:var(--accent);width:130px;margin:0}
.aside+.facts{margin-top:26px}
.layers{margin-top:24px;font-size:.92rem}
.layers ol{margin:0;padding-left:1.5em}
.curated{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:18px 12px;font-size:.8rem;line-height:1.35}
.curated li{display:flex;flex-direction:column;gap:1px;min-width:0;overflow-wrap:anywhere}
.curated figure{margin-bottom:3px}.curated figcaption{font-size:.74rem;line-height:1.25;margin-top:3px;color:var(--soft);max-width:96px}
.curated.groups{display:flex;flex-wrap:wrap;gap:20px 28px}.curated.groups li{max-width:100%}
.alike{display:flex;flex-wrap:wrap;gap:4px;align-items:flex-start}.alike>.soft{align-self:center;margin-left:4px}
.card .notes{flex-basis:100%;order:4;color:var(--soft);white-space:pre-line;overflow-wrap:anywhere}
.reconstructions{display:flex;flex-wrap:wrap;gap:10px 4px;margin-bottom:26px}
.reconstructions li{font-size:.78rem;text-align:center;font-variant-numeric:tabular-nums}
.reconstructions img{margin-bottom:3px}
.doubts{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px 20px;margin-bottom:26px}
.doubts li{display:flex;gap:10px;align-items:center}
.shares{flex:1;min-width:0;display:flex;flex-direction:column;gap:3px;font-size:.8rem;font-variant-numeric:tabular-nums}
.share{display:grid;grid-template-columns:1.6em minmax(0,1fr) 3.6em;gap:6px;align-items:center}
.share b{text-align:right}
.share i{height:9px;border-radius:2px;background:var(--accent);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.epochs{border-spacing:0}
.epochs th,.epochs td{padding:0 0 3px;border:0;vertical-align:middle}
.epochs th{padding-right:12px;font-weight:400;color:var(--soft);font-size:.85rem;white-space:nowrap}
.epochs tr:first-child>*{padding-bottom:12px}
.drawn tr:first-child>*{padding-bottom:3px}
.scroll{overflow-x:auto;max-width:100%;padding-bottom:4px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.85rem;margin-bottom:10px}
.legend li{display:flex;align-items:center;gap:6px}
.legend i{width:12px;height:12px;border-radius:2px;flex:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}
table{border-collapse:collapse;font-size:.92rem;margin:0 0 .8rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 18px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top;font-weight:400}
thead th{font-size:.82rem;color:var(--soft);vertical-align:bottom;border-bottom-color:var(--soft)}
tbody th{font-weight:600}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}
.scores .words{max-width:70ch;min-width:17rem;padding-left:8px}
.scores tbody th{white-space:nowrap}
.group{padding-top:22px;color:var(--soft);font-weight:400;font-size:.85rem}
.scores .group{white-space:normal}
.comparison{min-width:100%}
.comparison .method th,.comparison .method td{padding-top:10px}
.comparison .method:not(:last-child) th,.comparison .method:not(:last-child) td{border-bottom:0}
.comparison .seeds>td{padding:0 0 10px}
.comparison .seeds summary{font-size:.88rem}
.comparison th code{white-space:nowrap;font-weight:600}
.beside{display:flex;flex-wrap:wrap;gap:16px 40px;align-items:flex-start}.beside>div{min-width:0;max-width:100%}.beside>div+div{flex:1 1 320px}
.multiples{display:flex;flex-wrap:wrap;gap:28px 40px;align-items:flex-start}
.multiples li{max-width:100%;min-width:min(100%,210px)}
.multiple figcaption{display:flex;flex-direction:column;font-size:.88rem;line-height:1.4;margin-bottom:8px;contain:inline-size;overflow-wrap:anywhere}
.multiple svg{display:block;max-width:100%;height:auto}.multiple svg.plot{font-size:11px}
.shades{display:flex;flex-wrap:wrap;align-items:center;gap:4px;font-size:.85rem;color:var(--soft)}
.shades i{width:18px;height:12px;background:var(--cell);print-color-adjust:exact;-webkit-print-color-adjust:exact}.shades span{margin:0 4px 0 0}
.source{position:absolute}
.same{width:100%;min-width:calc(112px + var(--n)*128px);table-layout:fixed;margin:0}
.same th,.same td{padding:8px 18px 8px 0}
.same thead th{color:inherit;overflow-wrap:anywhere}.same thead td,.same tbody th{width:112px}
.same thead span{display:block}
.same tbody th{font-weight:400;overflow-wrap:anywhere}.same tbody th i{display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:6px;background:var(--c);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.same td span{display:block;font-size:.78rem;color:var(--soft);line-height:1.3;margin-bottom:3px}
.rest{display:flex;flex-wrap:wrap;gap:8px 14px}.same td>div+div{margin-top:8px}
.same ul{display:flex;flex-wrap:wrap;gap:4px}
.same li{border-bottom:3px solid var(--c);transition:opacity .1s}
.same svg{display:block;width:var(--w);height:var(--h)}
.same.following li{opacity:.25}.same.following li.it{opacity:1;outline:2px solid var(--ink);outline-offset:1px}
.followed{position:sticky;bottom:0;max-width:none;min-height:2.4em;margin:0;padding:6px 0;background:var(--paper);font-size:.85rem;color:var(--soft)}
${Array.from({ length: colouredClasses + 1 }, (_, rank) => `.same .c${rank}{--c:${classColour(rank)}}`).join("\n")}
.numbers td,.numbers th{text-align:right;padding:3px 12px 3px 0;font-size:.85rem}
.numbers th[scope=row]{color:var(--soft);font-weight:400}
details{margin-top:12px}
pre{margin:0 0 1rem;padding:12px 14px;background:var(--wash);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.digest{overflow-wrap:anywhere}
footer{margin-top:56px;padding-top:14px;border-top:1px solid var(--rule);font-size:.85rem;color:var(--soft)}
@media (max-width:860px){.aside,.codes{grid-template-columns:minmax(0,1fr)}.views.pair>div:last-child .minor{margin-bottom:.35rem}}
@media (max-width:600px){.curated{grid-template-columns:repeat(4,minmax(0,1fr));gap:14px 8px}.curated.groups{gap:14px 16px}.alike img{width:60px}body{padding:0 16px 48px}.title{padding-top:28px}.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:16px 20px}.tiles dd{font-size:1.45rem}.facts{grid-template-columns:repeat(2,minmax(0,1fr));gap:12px 18px}.centers{grid-template-columns:repeat(3,minmax(0,1fr))}main>section,main>details{margin-top:34px}.chart:not(.wide) svg.plot{font-size:14.5px}
.same,.same tbody,.same tr,.same th,.same td{display:block;min-width:0}.same thead{display:none}.same tr{padding:10px 0 4px;border-bottom:1px solid var(--rule)}.same th,.same td,.same tbody th{border:0;padding:0 0 8px;width:auto}.same td::before{content:attr(data-method);float:left;font-size:.82rem;margin-right:8px}.same td span{font-size:.82rem;line-height:1.55}.same ul{clear:left}
.scores,.scores tbody,.scores tr,.scores th,.scores td{display:block}.scores thead{display:none}
.scores tr{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;padding:8px 0;border-bottom:1px solid var(--rule)}
.scores th,.scores td{border:0;padding:0}.scores .words{flex-basis:100%;min-width:0;padding:0}.scores .group{padding-top:14px}}
@media print{.turning,.followed,.tools,nav,.skip{display:none}body{padding:0;max-width:none}html{font-size:11pt}.card,.chart,.centers li,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}.chart.wide svg{max-width:100%}svg,img{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
