using System.Text;
using Cria.Data.Stories.Words;

namespace Cria.Data.Stories.Templates;

/// <summary>
/// Writes one story: it remembers who and what the story has spoken of, keeps every later word in agreement with it,
/// and asks <see cref="IChoices"/> for everything that is open. A word is decided when it is first shown, never before,
/// so that each decision can be read off the text.
/// </summary>
public sealed class Composer(WordList[] lists, int entityCount)
{
    static readonly int[] HeroGenders = [36, 36, 28];
    static readonly int[] FriendGenders = [1, 1];
    static readonly int[] Numbers = [3, 2];

    readonly Entity[] _entities = new Entity[entityCount];
    readonly StringBuilder _text = new();
    readonly List<Word> _story = [], _sentence = [], _near = [];
    readonly List<(Word First, Word Second)> _heldOut = [];
    readonly int[] _weights = new int[lists.Max(list => list.Words.Length)];
    IChoices _choices = null!;
    bool _article, _articleCapital, _articleWrong;

    /// <summary>Whether the bad sentence of a minimal pair is being written.</summary>
    public bool IsBad { get; private set; }

    /// <summary>What is written so far; an article waits for the word after it.</summary>
    public string Text => _text.ToString();

    /// <summary>The forbidden combinations that a minimal pair asked for.</summary>
    public IReadOnlyList<(Word First, Word Second)> HeldOutCombinations => _heldOut;

    /// <summary>Whether a minimal pair asked for a forbidden word where the rule forbids none.</summary>
    public bool HasUntestable { get; private set; }

    public string Compose(Node template, IChoices choices, bool isBad = false)
    {
        (_choices, IsBad, _article, HasUntestable) = (choices, isBad, false, false);
        Array.Fill(_entities, Entity.New);
        _text.Clear();
        _story.Clear();
        _sentence.Clear();
        _heldOut.Clear();
        template.Write(this);
        return Text;
    }

    public int Choose(ReadOnlySpan<int> weights) => _choices.Pick(weights);

    /// <summary>0 singular, 1 plural, −1 not decided: of the entity under this id.</summary>
    public int NumberOf(int id) => _entities[id].Number;

    public void EndSentence() => _sentence.Clear();

    public void OpenArticle(bool capital, bool wrong = false) =>
        (_article, _articleCapital, _articleWrong) = (true, capital, wrong);

    public void Emit(string text)
    {
        if (_article)
        {
            ReadOnlySpan<char> rest = text.AsSpan().TrimStart(' ');
            if (rest.IsEmpty)
                return;
            _article = false;
            bool isAn = StartsWithVowel(rest) != _articleWrong;
            _text.Append(_articleCapital ? 'A' : 'a').Append(isAn ? "n " : " ").Append(rest);
        }
        else
            _text.Append(text);
    }

    /// <summary>
    /// The text of a mention, deciding what is still open. <paramref name="wrong"/> breaks the agreement;
    /// <paramref name="like"/> is the good word of a pair, whose number the bad word takes over.
    /// </summary>
    public string Resolve(Slot slot, bool wrong = false, Slot? like = null)
    {
        Entity fresh = Entity.New;
        ref Entity entity = ref slot.IsFresh ? ref fresh : ref _entities[slot.Id];
        if (like is not null && entity.Number == Entity.Unset)
            (entity.Number, entity.Gender) = (_entities[like.Id].Number, _entities[like.Id].Gender);
        if (slot.Kind == WordKind.Name)
            DecideGender(slot, ref entity);

        string text;
        if (slot.Form == Form.Article)
            return WriteArticle(slot, ref entity);
        if (Pronouns.Has(slot.Form))
            text = wrong
                ? Pronouns.WrongOf(slot.Form, GenderOf(slot, ref entity), slot.Kind == WordKind.Name)
                : Pronouns.Of(slot.Form, GenderOf(slot, ref entity));
        else if (slot.Kind == WordKind.Name)
            text = Names(slot, ref entity);
        else
        {
            Word word = WordOf(slot, ref entity);
            int form = FormIndex(slot, ref entity);
            text = word.Form(wrong ? 1 - form : form);
        }
        return slot.IsCapital ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    string WriteArticle(Slot slot, ref Entity entity)
    {
        Gender gender = GenderOf(slot, ref entity);
        if (gender == Gender.They)
            return (slot.Kind == WordKind.Name ? "two" : "some") is var many && slot.IsCapital
                ? char.ToUpperInvariant(many[0]) + many[1..] : many;
        OpenArticle(slot.IsCapital);
        return "";
    }

    void DecideGender(Slot slot, ref Entity entity)
    {
        if (entity.Gender != Entity.Unset)
            return;
        bool isHero = slot.Id == 0;
        entity.Gender = _choices.Pick(isHero ? HeroGenders : FriendGenders);
        entity.Number = entity.Gender == (int)Gender.They ? 1 : 0;
    }

    string Names(Slot slot, ref Entity entity)
    {
        bool isPair = entity.Gender == (int)Gender.They;
        entity.Word ??= Pick(slot, isPair ? Gender.It : (Gender)entity.Gender);
        See(entity.Word);
        if (!isPair)
            return entity.Word.Form(0);
        Emit(entity.Word.Form(0) + " and "); // at once: the text shows each decision before the next is made
        entity.Second ??= Pick(slot, Gender.It);
        See(entity.Second);
        return entity.Second.Form(0);
    }

    Word WordOf(Slot slot, ref Entity entity)
    {
        if (entity.Word is null)
        {
            // "girl" and "boy" go with the hero's gender; Agree is the hero then.
            Gender gender = slot.Kind == WordKind.Kind ? (Gender)_entities[slot.Agree].Gender : Gender.It;
            entity.Word = Pick(slot, gender);
        }
        See(entity.Word);
        return entity.Word;
    }

    int FormIndex(Slot slot, ref Entity entity)
    {
        if (slot.Form == Form.Past)
            return 2;
        if (IsVerb(slot.Kind)) // base for "to sleep" and "they sleep", third person for "it sleeps"
            return slot.Agree == Entity.Unset || NumberOfAgreed(slot) == 1 ? 0 : 1;
        if (slot.Agree != Entity.Unset)
            return NumberOfAgreed(slot);
        return DecideNumber(slot, ref entity);
    }

    int NumberOfAgreed(Slot slot)
    {
        ref Entity agreed = ref _entities[slot.Agree];
        if (agreed.Number == Entity.Unset)
            agreed.Number = _choices.Pick(Numbers);
        return agreed.Number;
    }

    int DecideNumber(Slot slot, ref Entity entity)
    {
        if (slot.Form is Form.Singular or Form.Plural)
            return entity.Number = slot.Form == Form.Plural ? 1 : 0;
        if (entity.Number == Entity.Unset)
            entity.Number = HasNumber(slot.Kind) ? _choices.Pick(Numbers) : 0;
        return entity.Number;
    }

    Gender GenderOf(Slot slot, ref Entity entity) => slot.Kind == WordKind.Name
        ? (Gender)entity.Gender
        : DecideNumber(slot, ref entity) == 1 ? Gender.They : Gender.It;

    Word Pick(Slot slot, Gender gender)
    {
        WordList list = lists[(int)slot.Kind];
        FindNear(slot.Kind);
        Span<int> weights = _weights.AsSpan(0, list.Words.Length);
        Weigh(weights, list, gender, slot.IsHeldOut);
        if (slot.IsHeldOut && !weights.ContainsAnyExcept(0))
        {
            HasUntestable = true;
            Weigh(weights, list, gender, wantForbidden: false);
        }
        Word word = list.Words[_choices.Pick(weights)];
        if (slot.IsHeldOut && !HasUntestable)
            _heldOut.Add((Partner(slot.Kind)!, word));
        if (!slot.IsFresh)
            _story.Add(word);
        _sentence.Add(word);
        return word;
    }

    void Weigh(Span<int> weights, WordList list, Gender gender, bool wantForbidden)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Fits(list.Words[i], gender, wantForbidden) ? list.Weights[i] : 0;
    }

    bool Fits(Word word, Gender gender, bool wantForbidden)
    {
        bool agrees = gender == Gender.It || word.Gender == gender
            || (word.Gender == Gender.It && word.Kind != WordKind.Name);
        if (!agrees)
            return false;
        if (wantForbidden && (Partner(word.Kind) is not { } partner || !HeldOut.Forbids(partner, word)))
            return false;
        foreach (Word near in _near)
            if (near == word || (!wantForbidden && HeldOut.Forbids(near, word)))
                return false;
        return true;
    }

    /// <summary>The word that a tested word goes with: the first in reach, which is the hero if it is a name.</summary>
    Word? Partner(WordKind kind) => _near.Find(near => HeldOut.ScopeOf(near.Kind, kind) != Scope.None);

    /// <summary>Collects what restricts a word of this kind: partners of the held-out rule, and its like.</summary>
    void FindNear(WordKind kind)
    {
        _near.Clear();
        foreach (Word word in _story)
            if (word.Kind == kind || HeldOut.ScopeOf(word.Kind, kind) == Scope.Story)
                _near.Add(word);
        foreach (Word word in _sentence)
            if (word.Kind == kind || HeldOut.ScopeOf(word.Kind, kind) == Scope.Sentence)
                _near.Add(word);
    }

    void See(Word word)
    {
        if (!_sentence.Contains(word))
            _sentence.Add(word);
    }

    static bool HasNumber(WordKind kind) =>
        kind is WordKind.Thing or WordKind.Landmark or WordKind.Animal or WordKind.Role or WordKind.Goods;

    static bool IsVerb(WordKind kind) =>
        kind is WordKind.Act or WordKind.Craft or WordKind.Care or WordKind.Chore or WordKind.Reflex;

    /// <summary>Whether "an" goes before it; the world has no silent h and few words that start like "you".</summary>
    static bool StartsWithVowel(ReadOnlySpan<char> word) =>
        "aeiou".Contains(char.ToLowerInvariant(word[0]))
        && !word.StartsWith("unicorn") && !word.StartsWith("use") && !word.StartsWith("ukulele");
}
