namespace Cria.Data.Stories.Words;

/// <summary>What people (and talking animals) are, how they are, what they do and feel.</summary>
static class People
{
    public const string Kinds = """
        fox/foxes, rabbit, mouse/mice, bear, squirrel, hedgehog, badger, otter, kitten, puppy, owl, beaver,
        turtle, raccoon, dragon, elf/elves, robot, giant, unicorn, troll, gnome, monkey, elephant, penguin,
        koala, panda, lizard, weasel, ferret, wombat
        """;

    public const string Traits = """
        little, brave, kind, clever, quiet, cheerful, shy, lively, gentle, curious, patient, friendly, dreamy,
        careful, funny, polite, stubborn, merry, tidy, thoughtful, modest, playful, eager, nimble, generous,
        sleepy, hungry, bold, humble, sensible, chatty, graceful, witty, impatient, adventurous, independent,
        earnest
        """;

    public const string Relations = """
        mother, father, grandmother, grandfather, aunt, uncle, sister, brother, cousin, nurse, godmother,
        stepfather, grandaunt
        """;

    public const string Roles = """
        baker, farmer, miller, fisherman/fishermen, gardener, tailor, shepherd, cook, postman/postmen, sailor,
        carpenter, teacher, weaver, painter, doctor, hunter, potter, blacksmith, shoemaker, clockmaker, soldier,
        knight, wizard, singer, dancer, librarian, barber, butcher, grocer, warden, judge, king, queen, prince,
        princess, mayor, nun, piper, poet, ranger, rider, scholar, servant, smith, stonemason, student, tinker,
        traveler, waiter, watchman/watchmen, woodcutter, beekeeper, captain, chemist, clown, driver, inventor,
        jeweler, juggler, locksmith, lumberjack, merchant, minstrel, musician, plumber, porter, printer, roofer,
        saddler, thatcher
        """;

    public const string Crafts = """
        sing, whistle, laugh, dance, smile, hum, talk, work, read, pray, shout, grumble, whisper, giggle, write,
        sigh, complain, chatter, argue, snooze, daydream, practice, juggle, gossip, exercise, meditate, yodel,
        boast, hurry, linger, stroll, march, mumble, chuckle, weep, nod, bow, cheer, wave, blush
        """;

    public const string Cares = """
        feed, like, love, watch, keep, know, visit, guard, own, brush, follow, draw, teach, count, chase, call,
        train, help, fear, trust
        """;

    public const string Feelings = """
        sad, worried, tired, angry, nervous, upset, unhappy, confused, cross, ashamed, gloomy, puzzled,
        disappointed, miserable, jealous, helpless, startled, troubled, anxious, lonesome, heartbroken,
        restless, hopeless, desperate, discouraged, weary, frightened, furious, bitter, downcast
        """;

    public const string Moods = """
        happy, proud, glad, excited, surprised, pleased, delighted, grateful, content, cheery, thankful,
        relieved, thrilled, satisfied, joyful, overjoyed, amazed, hopeful, radiant, blissful,
        astonished, impressed, jolly, elated
        """;

    public const string Adverbs = """
        quickly, slowly, softly, happily, quietly, carefully, bravely, kindly, loudly, gently, proudly, politely,
        eagerly, calmly, warmly, cheerfully, shyly, firmly, neatly, merrily, patiently, sweetly, gladly,
        suddenly, wisely, honestly, joyfully, lazily, boldly, gruffly, dreamily, solemnly, sternly, tenderly,
        timidly, swiftly, briskly, hastily, hopefully, thoughtfully
        """;
}
