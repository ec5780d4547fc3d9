// The head of a report: what makes it readable on a wide screen, on a phone, in the dark, on paper.
#pragma once

#include <string_view>

namespace allot::backtest {

inline constexpr std::string_view report_head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backtest</title>
<style>
:root {
  --page: #ffffff; --ink: #1c2330; --soft: #5c6675; --rule: #d9dee6; --band: #f4f6f9;
  --best: #e2f3e8; --gain: #2f8f5b; --loss: #c0492f;
  --c0: #c0492f; --c1: #2f6fb3; --c2: #7a52a8; --c3: #2f8f5b;
  --c4: #b9860b; --c5: #14808a; --c6: #a8447e; --c7: #5c6675;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181f; --ink: #e5e9f0; --soft: #9aa5b5; --rule: #343c49; --band: #1c222c;
    --best: #1d3a2a; --gain: #5cc48a; --loss: #ef8068;
    --c0: #ef8068; --c1: #74aee8; --c2: #b795e0; --c3: #5cc48a;
    --c4: #e0b44c; --c5: #56c2cc; --c6: #e08bbb; --c7: #9aa5b5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 30px; margin: 8px 0 4px; }
h2 { font-size: 21px; margin: 44px 0 4px; }
h3 { font-size: 17px; margin: 28px 0 4px; }
p { margin: 4px 0 14px; max-width: 72ch; }
.lead { font-size: 18px; }
.small, small { color: var(--soft); font-size: 13px; }
.scroll, .chart { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 9px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; white-space: normal; vertical-align: bottom; }
thead th:first-child, .text { text-align: left; }
tbody tr:hover { background: var(--band); }
.best { background: var(--best); font-weight: 600; }
.bad { color: var(--loss); font-weight: 600; }
.gap { color: var(--soft); font-style: italic; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 5px; margin-right: 8px; }
.b0 { background: var(--c0); } .b1 { background: var(--c1); } .b2 { background: var(--c2); }
.b3 { background: var(--c3); } .b4 { background: var(--c4); } .b5 { background: var(--c5); }
.b6 { background: var(--c6); } .b7 { background: var(--c7); }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--soft); }
summary.rule { color: var(--ink); font-weight: 600; }
svg { display: block; width: 100%; min-width: 600px; max-width: 900px; height: auto;
  font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg text { fill: var(--soft); }
.many { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px 28px; }
.many svg { min-width: 0; font-size: 11px; }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: 14px; }
.grid { stroke: var(--rule); } .axis { stroke: var(--soft); }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.c0 { stroke: var(--c0); } polyline.c1 { stroke: var(--c1); }
polyline.c2 { stroke: var(--c2); } polyline.c3 { stroke: var(--c3); }
polyline.c4 { stroke: var(--c4); } polyline.c5 { stroke: var(--c5); }
polyline.c6 { stroke: var(--c6); } polyline.c7 { stroke: var(--c7); }
polyline:nth-of-type(n+9) { stroke-dasharray: 6 4; }
rect.c0 { fill: var(--c0); } rect.c1 { fill: var(--c1); } rect.c2 { fill: var(--c2); }
rect.c3 { fill: var(--c3); } rect.c4 { fill: var(--c4); } rect.c5 { fill: var(--c5); }
rect.c6 { fill: var(--c6); } rect.c7 { fill: var(--c7); }
rect.gain { fill: var(--gain); } rect.loss { fill: var(--loss); }
svg .tc0 { fill: var(--c0); } svg .tc1 { fill: var(--c1); } svg .tc2 { fill: var(--c2); }
svg .tc3 { fill: var(--c3); } svg .tc4 { fill: var(--c4); } svg .tc5 { fill: var(--c5); }
svg .tc6 { fill: var(--c6); } svg .tc7 { fill: var(--c7); }
.hover circle { fill: transparent; }
.hover circle:hover { fill: var(--ink); }
@media print {
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  .scroll, .chart { overflow: visible; }
  table { font-size: 9px; }
  th, td { padding: 2px 5px; white-space: normal; }
  svg { min-width: 0; }
  section { break-inside: auto; }
  h2, h3 { break-after: avoid; }
}
</style>
</head>
<body>
<main>
)";

}  // namespace allot::backtest
