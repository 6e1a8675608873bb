using System.Text.Json.Serialization;
using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;

namespace Cria.Data.Corpora;

/// <summary>What a build writes down of itself, as JSON: its markers, and the settings that stages depend on.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(StageMarker))]
[JsonSerializable(typeof(CorpusSource))]
[JsonSerializable(typeof(CorpusDecontamination))]
[JsonSerializable(typeof(CorpusDivision))]
[JsonSerializable(typeof(RepeatedLineOptions))]
[JsonSerializable(typeof(NearDuplicateOptions))]
[JsonSerializable(typeof(Mojibake))]
[JsonSerializable(typeof(ControlCharacters))]
[JsonSerializable(typeof(CanonicalForms))]
[JsonSerializable(typeof(CompatibilityForms))]
[JsonSerializable(typeof(Spaces))]
[JsonSerializable(typeof(BlankLines))]
[JsonSerializable(typeof(GutenbergLicence))]
[JsonSerializable(typeof(BoilerplateLines))]
[JsonSerializable(typeof(C4Lines))]
[JsonSerializable(typeof(C4Page))]
[JsonSerializable(typeof(LengthFilter))]
[JsonSerializable(typeof(CharacterRatios))]
[JsonSerializable(typeof(GopherQuality))]
[JsonSerializable(typeof(GopherRepetition))]
sealed partial class CorpusJson : JsonSerializerContext;
