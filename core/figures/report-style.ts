/** The look of a report: one column like a paper's page, light or dark as the reader's system is, light in print. */
import { themes, tokens, variable } from './theme';

const colours = (name: 'light' | 'dark'): string =>
  tokens.map((token) => `${variable(token)}:${themes[name][token]}`).join(';');

export const reportStyle = `
:root{color-scheme:light dark;${colours('light')}}
@media (prefers-color-scheme:dark){:root{${colours('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.6 Inter,system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:1180px;margin:0 auto;padding:48px 24px 64px}
h1{margin:0;font-size:30px;line-height:38px;font-weight:600;letter-spacing:-.015em}
h2{margin:0 0 12px;font-size:19px;line-height:28px;font-weight:600}
p{margin:0 0 16px;max-width:72ch}
.subtitle{margin:4px 0 0;color:var(--ink-2);font-size:16px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:0 24px;margin:32px 0 0;border-top:2px solid var(--accent)}
.facts div{padding:12px 0 0}
dt,.note{color:var(--ink-2);font-size:13px;line-height:18px}
dd{margin:0}
.value{font-size:22px;line-height:30px;font-weight:600;font-variant-numeric:tabular-nums}
section{margin-top:44px;padding-top:20px;border-top:1px solid var(--line)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:24px;align-items:start}
figure{margin:0;min-width:0}
figure.wide{grid-column:1/-1}
.plate{overflow-x:auto;border:1px solid var(--line);border-radius:6px;background:var(--raised)}
.plate>svg{display:block;width:100%;height:auto}
.wide .plate>svg{margin:0 auto}
.plate>img{display:block;max-width:100%;height:auto;margin:0 auto;padding:16px;image-rendering:pixelated}
figcaption{margin-top:8px;max-width:84ch;color:var(--ink-2);font-size:13px;line-height:19px}
.scroll{overflow-x:auto;margin-bottom:16px}
table{border-collapse:collapse;font-size:13px;line-height:20px;font-variant-numeric:tabular-nums}
th,td{padding:5px 20px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{border-bottom-color:var(--line-strong);font-weight:600}
tbody th{font-weight:400;color:var(--ink-2)}
.number{text-align:right}
.empty{color:var(--ink-2)}
code,pre{font-family:"JetBrains Mono",ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12.5px}
pre{margin:0 0 16px;padding:12px 16px;overflow-x:auto;border:1px solid var(--line);border-radius:6px;background:var(--sunken);line-height:22px}
.settings{columns:2 420px;column-gap:40px}
.settings div{display:flex;justify-content:space-between;gap:16px;padding:4px 0;border-bottom:1px solid var(--line);break-inside:avoid;font-size:13px;line-height:20px}
.settings dt{font-size:13px;line-height:20px}
.settings dd{min-width:0;text-align:right;overflow-wrap:anywhere}
footer{margin-top:44px;padding-top:16px;border-top:1px solid var(--line);color:var(--ink-3);font-size:12px;line-height:18px}
footer span{margin-right:20px;white-space:nowrap}
@media (max-width:600px){main{padding:28px 16px 40px}h1{font-size:24px;line-height:32px}}
@media print{
:root{color-scheme:light;${colours('light')}}
@page{margin:16mm}
body{font-size:10.5pt;background:none}
main{max-width:none;padding:0}
section{margin-top:24px}
h2{break-after:avoid}
figure,pre,tr{break-inside:avoid}
pre{white-space:pre-wrap}
}`;
