package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedPackagesTest {
  private final SharedPackages shared = new SharedPackages(Host.class.getClassLoader());

  @Test
  void versionComesFromTheExportPackageOfTheJar() {
    shared.add(org.slf4j.Logger.class);
    assertThat(shared.asHeader()).matches("org\\.slf4j;version=\"2\\.\\d+\\.\\d+\"");
  }

  @Test
  void versionComesFromTheManifestOfTheFolder() {
    shared.add(dev.hotswap.host.exported.Contract.class);
    assertThat(shared.asHeader()).isEqualTo("dev.hotswap.host.exported;version=\"3.1.4\"");
  }

  @Test
  void versionComesFromPackageinfoWhereTheManifestDoesNotExportIt() {
    shared.add(dev.hotswap.host.noted.Contract.class);
    assertThat(shared.asHeader()).isEqualTo("dev.hotswap.host.noted;version=\"1.2.0\"");
  }

  @Test
  void packageWithoutAVersionIsSharedAsZero() {
    shared.add(dev.hotswap.host.bare.Contract.class);
    assertThat(shared.asHeader()).isEqualTo("dev.hotswap.host.bare;version=\"0.0.0\"");
  }

  @Test
  void packagesAreListedOnceAndSorted() {
    shared.add(dev.hotswap.host.noted.Contract.class);
    shared.add(dev.hotswap.host.bare.Contract.class);
    shared.add(dev.hotswap.host.noted.Contract.class);
    assertThat(shared.asHeader())
        .isEqualTo(
            "dev.hotswap.host.bare;version=\"0.0.0\",dev.hotswap.host.noted;version=\"1.2.0\"");
  }

  @Test
  void everyTypeOfASharedPackageIsShared() {
    shared.add(Host.class);
    assertThat(shared.contains(HostStartException.class)).isTrue();
    assertThat(shared.contains(dev.hotswap.host.bare.Contract.class)).isFalse();
  }

  @Test
  void primitivesAndArraysAreNoContracts() {
    assertThatThrownBy(() -> shared.add(int.class)).isInstanceOf(HostStartException.class);
    assertThatThrownBy(() -> shared.add(Host[].class)).isInstanceOf(HostStartException.class);
  }
}
