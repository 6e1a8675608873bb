using System.CommandLine;
using System.Globalization;
using Cria.Cli.Corpora;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data.Corpora;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria inspect</c>: what a path is, in words.</summary>
static class InspectVerb
{
    static readonly Argument<string> Target = new("PATH")
    {
        Description = "A checkpoint of any format, a run, recipe, corpus, tokenizer, shard set, safetensors file or token files.",
    };

    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "What made token files of other programs, which do not say it: then their documents are counted.",
    };
