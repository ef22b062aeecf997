// The hold model on a 4-ary heap of times, sequence numbers and ids: the reference of the event queue. Prints one
// line with nanoseconds of CPU time an event for each round.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

struct Event {
  double time;
  uint64_t sequence;
  int32_t id;
};

bool earlier(const Event &a, const Event &b) {
  return a.time < b.time || (a.time == b.time && a.sequence < b.sequence);
}

class Heap {
 public:
  void push(const Event &event) {
    size_t hole = events_.size();
    events_.push_back(event);
    while (hole > 0) {
      const size_t parent = (hole - 1) / 4;
      if (!earlier(event, events_[parent])) break;
      events_[hole] = events_[parent];
      hole = parent;
    }
    events_[hole] = event;
  }

  const Event &first() const { return events_[0]; }

  void replaceFirst(const Event &event) {
    const size_t size = events_.size();
    size_t hole = 0;
    for (;;) {
      const size_t child = 4 * hole + 1;
      if (child >= size) break;
      const size_t end = child + 4 < size ? child + 4 : size;
      size_t least = child;
      for (size_t i = child + 1; i < end; i++) {
        if (earlier(events_[i], events_[least])) least = i;
      }
      if (!earlier(events_[least], event)) break;
      events_[hole] = events_[least];
      hole = least;
    }
    events_[hole] = event;
  }

 private:
  std::vector<Event> events_;
};

double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

}  // namespace

int main(int argc, char **argv) {
  const int pending = argc > 1 ? atoi(argv[1]) : 1000;
  const int events = argc > 2 ? atoi(argv[2]) : 2000000;
  const int rounds = argc > 3 ? atoi(argv[3]) : 5;
  // The same generator as the other side: a multiplicative congruence, turned into exponential gaps.
  std::vector<double> gaps(65536);
  uint64_t state = 12345;
  for (double &gap : gaps) {
    state = state * 48271 % 2147483647;
    gap = std::floor(-std::log(state / 2147483647.0) * 1e6);
  }
  Heap heap;
  uint64_t sequence = 0;
  for (int i = 0; i < pending; i++) heap.push({gaps[i & 65535], sequence++, i});
  uint32_t next = 0;
  for (int round = 0; round < rounds; round++) {
    const double start = cpuSeconds();
    for (int i = 0; i < events; i++) {
      const Event first = heap.first();
      heap.replaceFirst({first.time + gaps[next++ & 65535], sequence++, first.id});
    }
    std::printf("%.4f ", (cpuSeconds() - start) * 1e9 / events);
  }
  // The time reached, so that both sides can be seen to have done the same.
  std::printf("%.0f\n", heap.first().time);
}
