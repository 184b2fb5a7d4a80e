// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup_score.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace skep {
namespace {

constexpr double kDoubt = 0.01;        // chance of any wrong difference among all that is compared
constexpr double kTailShare = 0.0025;  // that the first and the last bin take together

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

BubbleUpShares SharesOf(const SideCounts& counts, const BothTotals& totals) {
  return {Ratio(counts.selection_weight, totals.selection.weight),
          Ratio(counts.baseline_weight, totals.baseline.weight), counts.selection_rows,
          counts.baseline_rows};
}

void AddTo(const SideCounts& more, SideCounts* sum) {
  sum->selection_rows += more.selection_rows;
  sum->baseline_rows += more.baseline_rows;
  sum->selection_weight += more.selection_weight;
  sum->baseline_weight += more.baseline_weight;
}

// Kullback-Leibler divergence of two shares.
double Divergence(double seen, double real) {
  double sum = 0;
  if (seen > 0) sum += seen * std::log(seen / real);
  if (seen < 1) sum += (1 - seen) * std::log((1 - seen) / (1 - real));
  return sum;
}

// The end of the interval around a share seen in `rows` rows in which it really lies but for a
// chance of exp(-doubt); `towards`: 0 or 1, which end.
double ShareBound(double seen, double rows, double doubt, double towards) {
  if (rows <= 0 || seen == towards) return towards;
  double inside = seen;
  double outside = towards;
  for (int i = 0; i < 40; ++i) {
    const double middle = (inside + outside) / 2;
    (rows * Divergence(seen, middle) <= doubt ? inside : outside) = middle;
  }
  return outside;
}

class Scorer {
 public:
  Scorer(const BothTotals& totals, size_t fields) : totals_(totals), fields_(fields) {}

  BubbleUpField Run(CountedField field) {
    BubbleUpField scored;
    scored.name = std::move(field.name);
    scored.kind = field.kind;
    scored.distinct = field.distinct;
    scored.absent = SharesOf(field.absent, totals_);
    if (field.kind == BubbleUpKind::kCategory)
      Category(std::move(field), &scored);
    else
      Number(std::move(field), &scored);
    return scored;
  }

 private:
  // What is certain of the difference, for so many comparisons at once; never negative.
  double CertainDifference(const BubbleUpShares& shares, size_t comparisons) const {
    const double doubt = std::log(2 * static_cast<double>(comparisons) / kDoubt);
    const double of_selection = totals_.selection.EffectiveRows();
    const double of_baseline = totals_.baseline.EffectiveRows();
    const bool more = shares.selection > shares.baseline;
    const double low = more ? ShareBound(shares.selection, of_selection, doubt, 0)
                            : ShareBound(shares.baseline, of_baseline, doubt, 0);
    const double high = more ? ShareBound(shares.baseline, of_baseline, doubt, 1)
                             : ShareBound(shares.selection, of_selection, doubt, 1);
    return std::max(0.0, low - high);
  }

  void Category(CountedField field, BubbleUpField* scored) {
    const size_t comparisons = fields_ * (field.values.size() + 1);
    const auto note = [&](const BubbleUpShares& shares) {
      const double difference = std::abs(shares.selection - shares.baseline);
      scored->difference = std::max(scored->difference, difference);
      // What is certain is less than what is seen.
      if (difference > scored->score)
        scored->score = std::max(scored->score, CertainDifference(shares, comparisons));
    };
    for (CountedValue& value : field.values)
      scored->values.push_back({std::move(value.text), SharesOf(value.counts, totals_)});
    KeepMostTelling(&scored->values, &field.others, field.values);
    scored->others = SharesOf(field.others, totals_);
    note(scored->absent);
    for (const BubbleUpValue& value : scored->values) note(value.shares);
  }

  // Those that differ most first; what is cut joins the others.
  void KeepMostTelling(std::vector<BubbleUpValue>* values, SideCounts* others,
                       const std::vector<CountedValue>& counted) {
    std::vector<size_t> order(values->size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto rank = [&](size_t i) {
      const BubbleUpShares& shares = (*values)[i].shares;
      return std::pair(std::abs(shares.selection - shares.baseline),
                       shares.selection + shares.baseline);
    };
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const auto rank_a = rank(a);
      const auto rank_b = rank(b);
      return rank_a != rank_b ? rank_a > rank_b : (*values)[a].text < (*values)[b].text;
    });
    std::vector<BubbleUpValue> kept;
    for (size_t i = 0; i < order.size(); ++i) {
      if (i < kBubbleUpValues)
        kept.push_back(std::move((*values)[order[i]]));
      else
        AddTo(counted[order[i]].counts, others);
    }
    *values = std::move(kept);
  }

  // Rows without the number count as behind all others.
  void Number(CountedField field, BubbleUpField* scored) {
    std::sort(field.values.begin(), field.values.end(),
              [](const CountedValue& a, const CountedValue& b) { return a.low < b.low; });
    SideCounts below;
    for (const CountedValue& value : field.values) {
      AddTo(value.counts, &below);
      const BubbleUpShares shares = SharesOf(below, totals_);
      scored->difference =
          std::max(scored->difference, std::abs(shares.selection - shares.baseline));
    }
    scored->score = std::max(0.0, scored->difference - Chance());
    FillBins(field.values, below, scored);
  }

  // How far the two functions may lie apart by chance.
  double Chance() const {
    const double reach = std::sqrt(std::log(4 * static_cast<double>(fields_) / kDoubt) / 2);
    const auto of = [&](const SideTotals& side) {
      const double rows = side.EffectiveRows();
      return rows > 0 ? reach / std::sqrt(rows) : 1;
    };
    return of(totals_.selection) + of(totals_.baseline);
  }

  // Neighbouring cells make a bin, the same number of them each; what is far out goes to the bins
  // at the ends.
  void FillBins(const std::vector<CountedValue>& cells, const SideCounts& all,
                BubbleUpField* scored) const {
    if (cells.empty()) return;
    const auto share = [&](const SideCounts& counts) {
      return (Ratio(counts.selection_weight, all.selection_weight) +
              Ratio(counts.baseline_weight, all.baseline_weight)) /
             2;
    };
    size_t first = 0;
    size_t last = cells.size() - 1;
    for (double tail = share(cells[first].counts); tail < kTailShare && first < last;)
      tail += share(cells[++first].counts);
    for (double tail = share(cells[last].counts); tail < kTailShare && last > first;)
      tail += share(cells[--last].counts);
    const size_t each = (last - first + kBubbleUpBins) / kBubbleUpBins;
    std::vector<SideCounts> counts;
    for (size_t i = 0; i < cells.size(); ++i) {
      const size_t bin = (std::clamp(i, first, last) - first) / each;
      if (bin == counts.size()) {
        counts.emplace_back();
        scored->bins.push_back({cells[i].low, cells[i].high, {}});
      }
      AddTo(cells[i].counts, &counts[bin]);
      scored->bins[bin].high = cells[i].high;
    }
    for (size_t bin = 0; bin < counts.size(); ++bin)
      scored->bins[bin].shares = SharesOf(counts[bin], totals_);
  }

  const BothTotals& totals_;
  const size_t fields_;
};

}  // namespace

BubbleUpField Score(CountedField field, const BothTotals& totals, size_t fields) {
  return Scorer(totals, std::max<size_t>(fields, 1)).Run(std::move(field));
}

}  // namespace skep
