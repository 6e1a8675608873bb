#!/usr/bin/env bash
# From BabyLM's archive of 2023 to the tokens that the recipes of this folder name: fetched, cleaned as BabyLlama cleaned them, the tokenizer,
# the shards. Stopped, it goes on with the same command; what is there is not made again.
#   recipes/babyllama/prepare.sh                  the strict-small track, 10 million words
#   STRICT=1 recipes/babyllama/prepare.sh         the strict one of 100 million as well, with the tokenizer of the small one
#   CLEANER=babylm-fixed DATA=data/fixed …        without the damage that the published cleaning does (docs/cleaning.md), in a folder of its own; recipes take it by
#       --set tokenizer.path=data/fixed/babyllama/tokenizer --set data.train=data/fixed/babyllama/train-10M --set data.validation=data/fixed/babyllama/dev
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cria=${CRIA:-./cria} data=${DATA:-data} cleaner=${CLEANER:-babylm}
made=$data/babyllama

# made_by TARGET COMMAND… : the command writes --out TARGET.part, which gets its name when it is whole.
made_by() {
    local target=$1
    shift
    [ -e "$target" ] && return
    rm -rf "$target.part"
    "$cria" "$@" --out "$target.part"
    mv "$target.part" "$target"
}

corpora="10M:babylm-10m:train dev:babylm-dev:dev"
[ "${STRICT:-0}" = 0 ] || corpora="$corpora 100M:babylm-100m:train"
mkdir -p "$made"
for corpus in $corpora; do
    IFS=: read -r name known ending <<<"$corpus"
    "$cria" data fetch "$known" --out "$data/$known"
    made_by "$data/babylm_${name}_clean" data clean "$data/$known"/*."$ending" --recipe "$cleaner"
done

# 16,000 tokens, the specials first, learned line by line with a space before every line, and used without it.
made_by "$made/tokenizer" tokenizer train "$data"/babylm_10M_clean/*.train --vocab-size 16000 --special '<pad>' --special '<s>' --special '</s>' \
    --normalize nfkc --by-line --learn-prefix-space --alphabet seen

for corpus in $corpora; do
    IFS=: read -r name known ending <<<"$corpus"
    set=$([ "$name" = dev ] && echo dev || echo "train-$name")
    made_by "$made/$set" data pack --tokenizer "$made/tokenizer" "$data/babylm_${name}_clean"/*."$ending"
done
echo "$made holds the tokenizer and the shards: $(ls "$made" | tr '\n' ' ')"
