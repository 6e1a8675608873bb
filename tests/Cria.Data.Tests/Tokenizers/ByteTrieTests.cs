using System.Text;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

public sealed class ByteTrieTests
{
    [Fact]
    public void The_longest_prefix_is_that_of_a_plain_search()
    {
        RandomText random = new(9);
        byte[][] keys = [.. Enumerable.Range(0, 300).Select(_ => Word(random, random.Below(6)))];
        ByteTrie trie = new(keys.Select((key, value) => (key, value)));
        for (int i = 0; i < 3000; i++)
        {
            byte[] text = Word(random, random.Below(9));
            int length = keys.Where(key => text.AsSpan().StartsWith(key)).Select(key => key.Length).DefaultIfEmpty(0).Max();
            int value = length == 0 ? -1 : Array.FindIndex(keys, key => key.AsSpan().SequenceEqual(text.AsSpan(0, length)));
            Assert.Equal((length, value), trie.LongestPrefix(text));
        }
    }

    [Fact]
    public void The_leftmost_key_is_found_and_of_several_there_the_longest()
    {
        ByteTrie trie = new([(Encoding.UTF8.GetBytes("bc"), 0), (Encoding.UTF8.GetBytes("bcd"), 1), (Encoding.UTF8.GetBytes("d"), 2)]);
        Assert.Equal((1, 3, 1), trie.First("abcde"u8));
        Assert.Equal((3, 0, -1), trie.First("xyz"u8));
        Assert.Equal((0, 0, -1), new ByteTrie([]).First(""u8));
        Assert.True(new ByteTrie([([], 0)]).IsEmpty);
    }

    [Fact]
    public void A_key_longer_than_any_token_is_refused()
    {
        Assert.Equal((1024, 0), new ByteTrie([(new byte[1024], 0)]).LongestPrefix(new byte[2000]));
        Assert.Contains("1025 bytes", Assert.Throws<DataException>(() => new ByteTrie([(new byte[1025], 0)])).Message);
    }

    static byte[] Word(RandomText random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (byte)"ab\u00FF"[random.Below(3)])];
}
