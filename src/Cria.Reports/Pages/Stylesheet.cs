namespace Cria.Reports.Pages;

/// <summary>How a page looks around its charts; colours come from <see cref="Charts.Palette"/>.</summary>
static class Stylesheet
{
    public const string Page =
        """
        *{box-sizing:border-box}
        html{background:var(--paper);color:var(--ink);font:16px/1.6 var(--sans);-webkit-text-size-adjust:100%}
        body{margin:0}
        main{max-width:900px;margin:0 auto;padding:48px 24px 64px}
        h1{font-size:34px;line-height:1.15;letter-spacing:-.02em;margin:0 0 12px}
        h2{font-size:22px;line-height:1.3;letter-spacing:-.01em;margin:0 0 14px}
        h3{font-size:14px;line-height:1.3;margin:0 0 8px}
        p{margin:0 0 14px;max-width:70ch;overflow-wrap:break-word}
        .lead{font-size:18px;color:var(--muted);margin-bottom:26px}
        .note{font-size:14px;color:var(--muted)}
        section{margin-top:52px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(155px,1fr));gap:12px;margin:0 0 22px}
        .tile,.card,figure,.scroll{background:var(--card);border:1px solid var(--line);border-radius:10px}
        .tile{padding:14px 16px 12px;display:flex;flex-direction:column;min-width:0;overflow-wrap:anywhere}
        .tile strong{font-size:28px;line-height:36px;font-weight:650;letter-spacing:-.02em;color:var(--accent);
        font-variant-numeric:tabular-nums}
        .tile strong.long{font-size:20px}
        .tile span{font-size:14px;font-weight:600;line-height:1.35}
        .tile em{font-size:13px;font-style:normal;color:var(--muted);line-height:1.4;margin-top:3px}
        nav{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px;border-top:1px solid var(--line);padding-top:12px}
        nav a{color:var(--accent);text-decoration:none}
        nav a:hover{text-decoration:underline}
        figure{margin:0 0 18px;padding:16px 16px 10px;overflow-x:auto}
        figure .chart{min-width:430px}
        .scroll{overflow-x:auto;margin:0 0 18px;padding:4px 0}
        table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.45;font-variant-numeric:tabular-nums}
        th,td{text-align:left;padding:7px 16px;vertical-align:top}
        .many th,.many td{padding:7px 9px}.many th:first-child,.many td:first-child{padding-left:16px}
        .many td:first-child{white-space:nowrap}
        th{font-weight:600;font-size:13px;color:var(--muted);vertical-align:bottom;
        border-bottom:1px solid var(--strong)}
        tbody tr+tr td{border-top:1px solid var(--line)}
        .number{text-align:right;white-space:nowrap}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(290px,1fr));gap:12px;margin:0 0 18px}
        .card{padding:16px 18px 10px}
        dl{margin:0;font-size:14px;line-height:1.45}
        dl div{display:flex;justify-content:space-between;gap:18px;padding:5px 0;border-top:1px solid var(--line)}
        dt{color:var(--muted);flex:none;max-width:55%}
        dd{margin:0;text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
        .sample{margin:0 0 16px;padding:16px 20px;border-left:3px solid var(--accent);border-radius:0 10px 10px 0;
        background:var(--card);font:17px/1.65 Charter,'Iowan Old Style','Palatino Linotype',Palatino,Georgia,serif;
        white-space:pre-wrap;overflow-wrap:break-word}
        .sample b{font-weight:600;color:var(--accent)}
        .sample cite{display:block;margin-top:10px;font:13px/1.4 var(--sans);color:var(--muted);white-space:normal}
        footer{margin-top:56px;padding-top:14px;border-top:1px solid var(--line);font-size:13px;color:var(--muted)}
        @media (max-width:560px){main{padding:28px 14px 40px}h1{font-size:27px}.tile strong{font-size:24px}
        figure{padding:12px 10px 8px}.tiles{grid-template-columns:repeat(auto-fit,minmax(135px,1fr))}}
        @media print{html{background:#fff;font-size:14px}main{max-width:none;padding:0}nav{display:none}
        section{margin-top:28px}h2{break-after:avoid}.tile,.card,figure,.sample,tr{break-inside:avoid}
        figure{overflow:visible}figure .chart{min-width:0}}

        """;
}
