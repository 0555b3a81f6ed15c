package dev.hotswap.host;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.hotswap.api.Answer;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Timings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Receipts as JSON, for archives and other programs. The names are written down here one by one,
 * and not taken from the records: they stay when those are renamed. Every name is always there,
 * with {@code null} where there is nothing to say. Durations are whole nanoseconds, moments are in
 * ISO 8601, UTC.
 *
 * <p>Within one {@link #SCHEMA} names are only added; readers ignore those they do not know. {@code
 * docs/receipt.md} explains each.
 */
public final class ReceiptJson {
  /** The name and version of what is written, as its member {@code schema}. */
  public static final String SCHEMA = "hotswap-receipt/1";

  private static final JSON LINE = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
  private static final JSON PAGE = LINE.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

  private ReceiptJson() {}

  /** On one line, without a line end. */
  public static String write(Receipt receipt) {
    return write(LINE, receipt);
  }

  /** On many lines, for people. */
  public static String page(Receipt receipt) {
    return write(PAGE, receipt);
  }

  private static String write(JSON json, Receipt receipt) {
    try {
      return json.asString(receipt(receipt));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it is written to memory
    }
  }

  private static Map<String, Object> receipt(Receipt receipt) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("schema", SCHEMA);
    map.put("id", receipt.id());
    map.put("outcome", word(receipt.outcome()));
    map.put("request", request(receipt.request()));
    map.put("mode", word(receipt.mode()));
    map.put("plan", orNull(receipt.plan(), ReceiptJson::plan));
    map.put("refusal", orNull(receipt.refusal(), ReceiptJson::refusal));
    map.put("changes", each(receipt.changes(), ReceiptJson::change));
    map.put("timings", timings(receipt.timings()));
    map.put("longestHoldNanos", receipt.longestHold().toNanos());
    return map;
  }

  private static Map<String, Object> request(Receipt.Request request) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("verb", word(request.verb()));
    map.put("by", request.asked().by());
    map.put("why", request.asked().why());
    map.put("at", request.at().toString());
    map.put("files", each(request.files(), ReceiptJson::file));
    return map;
  }

  private static Map<String, Object> file(Receipt.Source source) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("file", source.file());
    map.put("sha256", source.sha256().orElse(null));
    return map;
  }

  private static Map<String, Object> plan(Plan plan) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("members", each(plan.members(), ReceiptJson::member));
    map.put("stays", each(plan.stays(), ReceiptJson::stays));
    map.put("outsiders", each(plan.outsiders(), ReceiptJson::outsider));
    map.put("refusals", each(plan.refusals(), ReceiptJson::refusal));
    map.put("waits", each(plan.waits(), ReceiptJson::wait));
    map.put("untouched", plan.untouched());
    return map;
  }

  private static Map<String, Object> member(Plan.Member member) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", member.plugin());
    map.put("version", member.version());
    map.put("sha256", member.sha256());
    map.put("kind", word(member.kind()));
    map.put("mode", word(member.mode()));
    map.put("replaces", orNull(member.replaces(), ReceiptJson::generation));
    map.put("because", member.because());
    map.put("alone", member.alone().orElse(null));
    map.put("state", word(member.state()));
    map.put("undeclared", member.undeclared());
    map.put("file", member.file().orElse(null));
    map.put("classes", member.classes());
    return map;
  }

  private static Map<String, Object> outsider(Plan.Outsider outsider) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bundle", outsider.bundle());
    map.put("because", outsider.because());
    return map;
  }

  private static Map<String, Object> wait(Plan.Wait wait) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", wait.plugin());
    map.put("most", wait.most());
    map.put("holders", wait.holders());
    return map;
  }

  private static Map<String, Object> stays(Plan.Stays stays) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("generation", generation(stays.generation()));
    map.put("because", stays.because());
    return map;
  }

  private static Map<String, Object> refusal(Refusal refusal) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", refusal.getClass().getSimpleName());
    map.put("what", refusal.what());
    map.put("why", refusal.why());
    map.put("stands", orNull(refusal.stands(), ReceiptJson::generation));
    map.put("state", refusal.state());
    map.put("next", refusal.next());
    return map;
  }

  private static Map<String, Object> change(Receipt.Change change) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", change.plugin());
    map.put("from", orNull(change.from(), ReceiptJson::generation));
    map.put("to", orNull(change.to(), ReceiptJson::generation));
    map.put("answers", each(change.answers(), ReceiptJson::answer));
    map.put("retirement", orNull(change.retirement(), ReceiptJson::retirement));
    return map;
  }

  private static Map<String, Object> answer(Answer answer) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("contract", answer.contract());
    map.put("type", answer.type());
    map.put("loader", answer.loader());
    map.put("definedBy", orNull(answer.definedBy(), ReceiptJson::generation));
    map.put("generation", generation(answer.generation()));
    return map;
  }

  private static Map<String, Object> retirement(Retirement retirement) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("generation", generation(retirement.generation()));
    map.put("calls", calls(retirement.calls()));
    map.put("inFlight", retirement.inFlight());
    map.put("drainNanos", retirement.drain().toNanos());
    map.put("holders", each(retirement.holders(), ReceiptJson::holder));
    map.put("reclaimNanos", retirement.reclaim().toNanos());
    map.put("reclaimed", retirement.reclaimed());
    map.put("keptBy", retirement.keptBy());
    map.put("verdict", retirement.verdict().map(ReceiptJson::word).orElse(null));
    map.put("leftovers", each(retirement.leftovers(), ReceiptJson::leftover));
    return map;
  }

  private static Map<String, Object> leftover(Leftover leftover) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", word(leftover.kind()));
    map.put("what", leftover.what());
    map.put("undone", leftover.undone());
    map.put("remedy", leftover.remedy());
    return map;
  }

  private static Map<String, Object> calls(Calls calls) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("started", calls.started());
    map.put("returned", calls.returned());
    map.put("threw", calls.threw());
    return map;
  }

  private static Map<String, Object> holder(Holder holder) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", word(holder.kind()));
    map.put("thread", holder.threadName());
    map.put("threadId", holder.threadId());
    map.put("virtual", holder.virtual());
    map.put("ageNanos", holder.age().map(age -> age.toNanos()).orElse(null));
    map.put("stack", holder.stack());
    return map;
  }

  private static Map<String, Object> timings(Timings timings) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("turnNanos", timings.turn().toNanos());
    map.put("readNanos", timings.read().toNanos());
    map.put("planNanos", timings.plan().toNanos());
    map.put("prepareNanos", timings.prepare().toNanos());
    map.put("startNanos", timings.start().toNanos());
    map.put("checkNanos", timings.check().toNanos());
    map.put("publishNanos", timings.publish().toNanos());
    map.put("probeNanos", timings.probe().toNanos());
    return map;
  }

  private static Map<String, Object> generation(Generation generation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plugin", generation.plugin());
    map.put("number", generation.number());
    map.put("version", generation.version());
    map.put("sha256", generation.sha256());
    return map;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> Object orNull(Optional<T> value, Function<T, Map<String, Object>> map) {
    return value.map(map).orElse(null);
  }

  private static <T> List<Map<String, Object>> each(
      Collection<T> values, Function<T, Map<String, Object>> map) {
    return values.stream().map(map).toList();
  }
}
