using CsCheck;
using Xunit;

namespace InstanceKit.Tests;

public sealed class ContentHashTests
{
    [Fact]
    public void No_two_lists_of_texts_share_a_hash() =>
        Gen.Select(Gen.OneOf<string>("", "a", "b", "ab", "é").Array[0, 4], Gen.OneOf<string>("", "a", "b", "ab", "é").Array[0, 4])
            .Sample((one, other) => one.SequenceEqual(other) == (ContentHash.Of(one) == ContentHash.Of(other)));

    [Fact]
    public void A_hash_is_the_same_on_every_machine() => Assert.Equal(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ContentHash.Of());
}
