package dev.hotswap.itest;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One small chart for each quantity of a soak, in one PNG. */
final class SoakPlot {
  private static final int COLUMNS = 2;

  private final List<XYChart> charts = new ArrayList<>();

  /** A quantity at each sample, from zero up, so that what looks flat is. */
  void add(Trend trend, List<Double> swaps, List<Double> values) {
    XYChart chart =
        new XYChartBuilder()
            .width(520)
            .height(220)
            .title(trend.what() + ", " + trend.unit())
            .build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotGridLinesColor(new Color(230, 230, 230));
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    chart.getStyler().setYAxisMin(0.0);
    chart
        .getStyler()
        .setYAxisMax(1.25 * Math.max(1, values.stream().mapToDouble(v -> v).max().orElse(1)));
    chart.getStyler().setXAxisLabelRotation(0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart
        .addSeries("measured", swaps, values)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(new Color(30, 90, 160))
        .setLineColor(new Color(30, 90, 160));
    charts.add(chart);
  }

  void save(Path file) throws IOException {
    while (charts.size() % COLUMNS != 0) {
      XYChart empty = new XYChartBuilder().width(520).height(220).build();
      empty.getStyler().setChartBackgroundColor(Color.WHITE);
      empty.getStyler().setAxisTicksVisible(false);
      empty.getStyler().setLegendVisible(false);
      charts.add(empty);
    }
    String name = file.toString().replaceFirst("\\.png$", "");
    BitmapEncoder.saveBitmap(
        charts, charts.size() / COLUMNS, COLUMNS, name, BitmapEncoder.BitmapFormat.PNG);
  }
}
